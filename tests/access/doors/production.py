"""A farm's record: its own people write it, the regulators of its region read it, nobody else sees it."""

from datetime import timedelta

from cailan.production.models import Harvest
from cailan.production.tests.factories import harvest, make_input, open_batch, spray

OPERATIONS = """\
GET    /production/inputs                                200 200 200 200 200 200 200 401
POST   /production/inputs                                201 403 403 403 403 403 201 401
GET    /production/inputs/{farm_input}                   200 404 404 200 404 404 200 401
POST   /production/inputs/{farm_input}/correction        201 403 403 403 403 403 201 401
GET    /production/batches                               200 200 200 200 200 200 200 401
POST   /production/batches                               201 403 403 403 403 403 201 401
GET    /production/batches/{crop_batch}                  200 404 404 200 404 404 200 401
POST   /production/batches/{crop_batch}/seed             201 403 403 403 403 403 201 401
POST   /production/environment                           201 403 403 403 403 403 201 401
GET    /production/batches/{crop_batch}/templates        200 404 404 200 404 404 200 401
POST   /production/batches/{crop_batch}/operations       201 403 403 403 403 403 201 401
POST   /production/operations/{farm_work}/correction     201 403 403 403 403 403 201 401
POST   /production/batches/{crop_batch}/harvests         201 403 403 403 403 403 201 401
POST   /production/batches/{crop_batch}/close            204 403 403 403 403 403 204 401
GET    /lots/{grown}/growth                              200 404 404 200 404 404 200 401
"""
PURCHASE = {
    "kind": "fertiliser", "name": "有机肥", "quantity": "50", "uom": "KGM", "bought_on": "2026-06-01",
    "supplier_name": "增城农资店",
}  # fmt: skip
SEED = {"kind": "own_seed", "name": "菜心种子", "variety": "四九-19号"}
WATERING = {"kind": "irrigating", "occurred_at": "{now}"}
BODIES = {
    "POST /production/inputs": PURCHASE,
    "POST /production/inputs/{farm_input}/correction": {**PURCHASE, "reason": "写错"},
    "POST /production/batches": {
        "product_id": "{product}", "site_id": "{site}", "area_mu": "2.5", "planted_on": "2026-06-01", "seed": SEED,
    },
    "POST /production/batches/{crop_batch}/seed": {**SEED, "reason": "写错"},
    "POST /production/environment": {
        "site_id": "{site}", "aspect": "soil", "finding": "pH 6.5", "measured_on": "2026-06-01",
    },
    "POST /production/batches/{crop_batch}/operations": WATERING,
    "POST /production/operations/{farm_work}/correction": {**WATERING, "reason": "写错"},
    "POST /production/batches/{crop_batch}/harvests": {
        "quantity": "20", "method": "by_hand", "occurred_at": "{now}",
    },
    "POST /production/batches/{crop_batch}/close": {},
}  # fmt: skip
PAGES = """\
production:batches             200 200 200 200 200 200 S   S
production:open_batch          200 403 403 403 403 403 S   S
production:batch               200 404 404 200 404 404 S   S
production:correct_seed        200 404 404 403 404 404 S   S
production:environment         200 404 404 403 404 404 S   S
production:harvest             200 404 404 403 404 404 S   S
production:close               405 405 405 405 405 405 S   S
production:harvested           200 404 404 200 404 404 S   S
production:log                 200 403 403 403 403 403 S   S
production:correct             200 404 404 403 404 404 S   S
production:inputs              200 200 200 200 200 200 S   S
production:buy_input           200 403 403 403 403 403 S   S
production:input               200 404 404 200 404 404 S   S
production:correct_input       200 404 404 403 404 404 S   S
production:growth_photo        404 404 404 404 404 404 404 404
"""
PARAMETERS = {
    "batch_id": "crop_batch",
    "input_id": "farm_input",
    "operation_id": "farm_work",
    "harvest_id": "farm_harvest",
}


def extend(world):
    """A crop sprayed twenty days ago and harvested once; its next harvest is free."""
    owner, at = world.actors["owner"], world.facts["at"]
    batch = open_batch(owner, at=at - timedelta(days=30), site_id=world.facts["site"])
    bought = make_input(owner, at=at - timedelta(days=25))
    work = spray(owner, batch, bought, at=at - timedelta(days=20))
    lot = harvest(owner, batch, at=at)
    world.facts |= {
        "crop_batch": batch,
        "farm_input": bought,
        "farm_work": work,
        "farm_harvest": Harvest.objects.get(lot_id=lot.id).pk,
        "grown": lot.code,
    }
