"""Addresses of signing in, of one's own account, and of those who look after accounts, roles and rules."""

from django.urls import path

from shuangbai.accounts.views import administration, door, granting, own, rules

urlpatterns = [
    path("signin", door.signin, name="signin"),
    path("signin/code", door.signin_code, name="signin-code"),
    path("signin/again", door.signin_again, name="signin-again"),
    path("signin/provider", door.to_provider, name="provider"),
    path("signin/provider/back", door.from_provider, name="provider-back"),
    path("signout", door.signout, name="signout"),
    path("welcome", door.welcome, name="welcome"),
    path("account/", own.account, name="own-account"),
    path("account/password", own.password, name="own-password"),
    path("account/factor", own.factor, name="own-factor"),
    path("account/factor/codes", own.factor_codes, name="own-factor-codes"),
    path("account/factor/remove", own.factor_remove, name="own-factor-remove"),
    path("account/sessions/<uuid:pk>/end", own.end_one, name="own-session-end"),
    path("account/sessions/end", own.end_others, name="own-sessions-end"),
    path("account/provider", own.link, name="own-provider"),
    path("account/team", own.team, name="team-accounts"),
    path("account/team/<uuid:pk>/reset", own.ask_for_reset, name="team-reset"),
    path("setup/accounts/", administration.account_list, name="account-list"),
    path("setup/accounts/new", administration.account_new, name="account-new"),
    path("setup/accounts/list", administration.account_paste, name="account-paste"),
    path("setup/accounts/resets/<uuid:pk>", administration.reset_decide, name="reset-decide"),
    path("setup/accounts/<uuid:pk>/", administration.account, name="account"),
    path("setup/accounts/<uuid:pk>/do", administration.account_do, name="account-do"),
    path("setup/accounts/<uuid:pk>/stop", administration.account_stop, name="account-stop"),
    path("setup/accounts/<uuid:pk>/roles/new", granting.role_new, name="role-new"),
    path("setup/accounts/<uuid:pk>/provider", administration.account_link, name="account-provider"),
    path("setup/roles/", granting.role_list, name="role-list"),
    path("setup/roles/requests/<uuid:pk>", granting.role_decide, name="role-decide"),
    path("setup/roles/grants/<int:pk>/end", granting.grant_end, name="grant-end"),
    path("setup/roles/accounts/<uuid:pk>/do", granting.administrator_do, name="administrator-do"),
    path("setup/policies/", rules.policies, name="policies"),
]
