"""Settings for all tests: no test is judged by how long it takes."""

from hypothesis import settings

settings.register_profile("secreview", deadline=None)
settings.load_profile("secreview")
