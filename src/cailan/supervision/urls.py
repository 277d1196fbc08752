from django.urls import path

from cailan.supervision.views import alerts, calendar, links, notices, public, recalls

app_name = "supervision"
urlpatterns = [
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<int:alert_id>", alerts.alert, name="alert"),
    path("alerts/<int:alert_id>/acknowledge", alerts.acknowledge, name="acknowledge"),
    path("alerts/<int:alert_id>/handle", alerts.handle, name="handle"),
    path("supervision/decide/<slug:code>", recalls.decide, name="decide"),
    path("supervision/recalls", recalls.recalls, name="recalls"),
    path("supervision/recalls/<slug:recall>", recalls.recall, name="recall"),
    path("supervision/recalls/<slug:recall>/progress", recalls.progress, name="progress"),
    path("supervision/recalls/<slug:recall>/messages", recalls.messages_out, name="messages"),
    path("supervision/recalls/<slug:recall>/escalate", recalls.escalate, name="escalate"),
    path("supervision/recalls/<slug:recall>/close", recalls.close, name="close"),
    path("supervision/recalls/<slug:recall>/release", recalls.release, name="release"),
    path("supervision/calendar", calendar.workdays, name="calendar"),
    path("notices", notices.notices, name="notices"),
    path("notices/<int:notice_id>", notices.notice, name="notice"),
    path("notices/<int:notice_id>/confirm", notices.confirm, name="confirm"),
    path("notices/<int:notice_id>/forward", notices.forward, name="forward"),
    path("notices/<int:notice_id>/returns", notices.returns, name="returns"),
    path("r/<slug:token>", links.answer, name="answer"),
    path("r/<slug:token>/confirm", links.confirm, name="confirm_by_link"),
    path("r/<slug:token>/forward", links.forward, name="forward_by_link"),
    path("recalls", public.recalls, name="public_recalls"),
    path("recalls/<slug:recall>", public.recall, name="public_recall"),
]
