"""Coming and going."""

from django.urls import path

from omni.staff import device_views, door_views, factor_views, me_views, stepping_up, tablet_views, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/demo/", views.demo_sign_in, name="demo-sign-in"),
    path("sign-in/second-factor/", door_views.second_factor, name="second-factor"),
    path("sign-in/authenticator/", door_views.factor_enrolment, name="factor-enrolment"),
    path("sign-in/password/", door_views.first_password, name="first-password"),
    path("sign-in/as/<int:pk>/", tablet_views.pin, name="pin"),
    path("sign-in/tablet/", tablet_views.device_enrolment, name="device-enrolment"),
    path("pin/", tablet_views.pin_setting, name="pin-setting"),
    path("lock/", tablet_views.lock, name="lock"),
    path("presence/", tablet_views.presence, name="presence"),
    path("drafts/", tablet_views.draft, name="draft"),
    path("confirm/", stepping_up.step_up, name="step-up"),
    path("me/", me_views.me, name="me"),
    path("me/password/", me_views.own_password, name="own-password"),
    path("me/authenticator/", me_views.own_factor, name="own-factor"),
    path("me/authenticator/end/", me_views.own_factor_end, name="own-factor-end"),
    path("me/recovery-codes/", me_views.recovery_codes, name="recovery-codes"),
    path("me/recovery-codes/new/", me_views.new_recovery_codes, name="new-recovery-codes"),
    path("devices/", device_views.devices, name="devices"),
    path("devices/code/", device_views.device_code, name="device-code"),
    path("devices/<int:pk>/revocation/", device_views.device_revocation, name="device-revocation"),
    path("people/<int:pk>/second-factor/", factor_views.factor_reset, name="person-factor"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("store/", views.store, name="store"),
]
