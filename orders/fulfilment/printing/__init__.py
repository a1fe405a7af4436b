"""Paper: what stands on a pick list, a label, a receipt, as a page and as a PDF. Printing changes nothing."""
