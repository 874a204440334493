"""Verify a certificate without secreview: securesystemslib, the certificate, the public key."""

import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

certificate, public_key = map(Path, sys.argv[1:])
envelope = Envelope.from_dict(json.loads(certificate.read_text("utf-8")))
envelope.verify([SSlibKey.from_crypto(load_pem_public_key(public_key.read_bytes()))], 1)
for subject in json.loads(envelope.payload)["subject"]:
    print(subject["digest"]["sha256"], "", subject["name"])
