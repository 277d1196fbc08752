"""Pure rules of exchange: what documents and files of others say."""
