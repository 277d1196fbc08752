"""What may be done on a farm: pure decisions and the facts they speak of."""
