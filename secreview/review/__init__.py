"""People decide: flows, records, decisions, certificates, forms. Pure: no clock, disk, network."""
