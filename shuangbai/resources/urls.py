"""Addresses of resources."""

from django.urls import path

from shuangbai.resources.views import directory, drafts, links, of_case, referrals

urlpatterns = [
    path("resources/", directory.resource_list, name="resource-list"),
    path("resources/new", directory.resource_new, name="resource-new"),
    path("resources/suggest", directory.resource_suggest, name="resource-suggest"),
    path("resources/links/new", links.link_new, name="resource-link-new"),
    path("resources/links/<uuid:pk>/", links.link, name="resource-link"),
    path("resources/links/<uuid:pk>/correct", links.link_correct, name="resource-link-correct"),
    path("resources/links/<uuid:pk>/void", links.link_void, name="resource-link-void"),
    path("resources/links/<uuid:pk>/receipt", links.link_receipt, name="resource-link-receipt"),
    path("resources/referrals/", referrals.referral_list, name="referral-list"),
    path("resources/referrals/new", referrals.referral_new, name="referral-new"),
    path("resources/referrals/<uuid:pk>/", referrals.referral, name="referral"),
    path("resources/referrals/<uuid:pk>/edit", referrals.referral_edit, name="referral-edit"),
    path("resources/referrals/<uuid:pk>/move", referrals.referral_move, name="referral-move"),
    path("resources/drafts/<slug:page>", drafts.family_draft, name="family-draft"),
    path("resources/drafts/<slug:page>/drop", drafts.family_draft_drop, name="family-draft-drop"),
    path("cases/<uuid:pk>/resources", of_case.case_resources, name="case-resources"),
    path("resources/<uuid:pk>/", directory.resource, name="resource"),
    path("resources/<uuid:pk>/edit", directory.resource_edit, name="resource-edit"),
    path("resources/<uuid:pk>/renew", directory.resource_renew, name="resource-renew"),
    path("resources/<uuid:pk>/end", directory.resource_end, name="resource-end"),
]
