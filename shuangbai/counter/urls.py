"""Addresses of small things that are counted too; venues."""

from django.urls import path

from shuangbai.counter.views import overview, recording, stock, venues

urlpatterns = [
    path("counter/", overview.small_things, name="small-things"),
    path("counter/consultations/new", recording.consultation_new, name="consultation-new"),
    path("counter/consultations/<uuid:pk>/", recording.consultation, name="consultation"),
    path("counter/consultations/<uuid:pk>/correct", recording.consultation_correct, name="consultation-correct"),
    path("counter/handouts/new", recording.handout_new, name="handout-new"),
    path("counter/handouts/<uuid:pk>/", recording.handout, name="handout"),
    path("counter/handouts/<uuid:pk>/correct", recording.handout_correct, name="handout-correct"),
    path("counter/goods/", stock.goods, name="goods"),
    path("counter/goods/new", stock.goods_new, name="goods-new"),
    path("counter/goods/sheet", stock.goods_sheet, name="goods-sheet"),
    path("counter/goods/<uuid:pk>/", stock.goods_item, name="goods-item"),
    path("counter/goods/<uuid:pk>/edit", stock.goods_edit, name="goods-edit"),
    path("counter/goods/<uuid:pk>/in", stock.goods_in, name="goods-in"),
    path("counter/goods/<uuid:pk>/out", stock.goods_out, name="goods-out"),
    path("counter/goods/<uuid:pk>/count", stock.goods_count, name="goods-count"),
    path("counter/goods/moves/<uuid:pk>/reverse", stock.goods_reverse, name="goods-reverse"),
    path("counter/goods/moves/<uuid:pk>/receipt", stock.goods_receipt, name="goods-receipt"),
    path("counter/venues/", venues.venue_list, name="venue-list"),
    path("counter/venues/new", venues.venue_new, name="venue-new"),
    path("counter/venues/<uuid:pk>/", venues.venue, name="venue"),
    path("counter/venues/<uuid:pk>/edit", venues.venue_edit, name="venue-edit"),
    path("counter/venues/<uuid:pk>/check", venues.venue_check, name="venue-check"),
    path("counter/venues/<uuid:pk>/count", venues.venue_count, name="venue-count"),
    path("counter/venues/<uuid:pk>/use", venues.venue_use, name="venue-use"),
    path("counter/venues/<uuid:pk>/use/<uuid:record>/undo", venues.venue_unuse, name="venue-unuse"),
]
