"""The endless aisle: sold in one store, carried out, sent, or collected elsewhere. Orders are placed by `placing`."""
