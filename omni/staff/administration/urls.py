"""People, roles, keys."""

from django.urls import path

from omni.staff.administration import keys, people, roles

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change, name="person-change"),
    path("people/<int:pk>/password/", people.password, name="person-password"),
    path("people/<int:pk>/leave/", people.send_away, name="person-leave"),
    path("people/<int:pk>/return/", people.take_back, name="person-return"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new_role, name="new-role"),
    path("roles/<slug:code>/", roles.role, name="role"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new/", keys.new, name="new-key"),
    path("keys/<int:pk>/revoke/", keys.revocation, name="key-revocation"),
]
