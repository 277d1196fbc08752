"""The verbs of products: load the library, choose from it, register one's own."""

from cailan.products.services.catalogue import load_catalogue
from cailan.products.services.choosing import choose_main_products, name_own_gtin, register_product
from cailan.products.services.substances import load_substances

__all__ = ["choose_main_products", "load_catalogue", "load_substances", "name_own_gtin", "register_product"]
