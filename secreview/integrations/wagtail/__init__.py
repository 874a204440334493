"""The gate of Wagtail: no page, snippet or file goes live unreviewed, by whatever way.

In the settings, in this order::

    INSTALLED_APPS = [
        "secreview.integrations.django", "secreview.integrations.wagtail", …, "wagtail", …
    ]
    MIDDLEWARE = […, "secreview.integrations.django.middleware.HeldMiddleware"]
    WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
"""
