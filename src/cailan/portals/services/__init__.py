"""Play the demonstration week through the services of every floor."""

from cailan.portals.services.demo.play import load_demo

__all__ = ["load_demo"]
