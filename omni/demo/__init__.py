"""The real retailer: a published panel of a grocery chain, and what was made up so that people have names."""
