"""Pure rules of lots: what may be asked, and how a book of holdings answers."""
