from django.urls import path

from cailan.production import views

app_name = "production"
urlpatterns = [
    path("production/batches", views.batches, name="batches"),
    path("production/batches/new", views.open_batch, name="open_batch"),
    path("production/batches/<int:batch_id>", views.batch, name="batch"),
    path("production/batches/<int:batch_id>/seed", views.correct_seed, name="correct_seed"),
    path("production/batches/<int:batch_id>/environment", views.environment, name="environment"),
    path("production/batches/<int:batch_id>/harvest", views.harvest, name="harvest"),
    path("production/batches/<int:batch_id>/close", views.close, name="close"),
    path("production/harvests/<int:harvest_id>", views.harvested, name="harvested"),
    path("production/log", views.log, name="log"),
    path("production/operations/<int:operation_id>/correct", views.correct, name="correct"),
    path("production/inputs", views.inputs, name="inputs"),
    path("production/inputs/new", views.buy_input, name="buy_input"),
    path("production/inputs/<int:input_id>", views.farm_input, name="input"),
    path("production/inputs/<int:input_id>/correct", views.correct_input, name="correct_input"),
    path("production/growth/<slug:code>/<int:document_id>", views.growth_photo, name="growth_photo"),
]
