"""Records as the API gives them."""

from __future__ import annotations

import copy
import uuid
from typing import Any

_RECORD = {
    "gender": "female",
    "name": {"title": "Miss", "first": "Zoë", "last": "Nuñez"},
    "location": {
        "street": {"number": 8929, "name": "Valwood Pkwy"},
        "city": "Billings",
        "state": "Michigan",
        "country": "United States",
        "postcode": 63104,
        "coordinates": {"latitude": "-69.8246", "longitude": "134.8719"},
        "timezone": {"offset": "+9:30", "description": "Adelaide, Darwin"},
    },
    "email": "zoe.nunez@example.com",
    "login": {
        "uuid": "7a0eed16-9430-4d68-901f-c0d4c1c3bf00",
        "username": "yellowpeacock117",
        "password": "addison",
        "salt": "sld1yGtd",
        "md5": "ab54ac4c0be9480ae8fa5e9e2a5196a3",
        "sha1": "edcf2ce613cbdea349133c52dc2f3b83168dc51b",
        "sha256": "48df5229235ada28389b91e60a935e4f9b73eb4bdb855ef9258a1751f10bdc5d",
    },
    "dob": {"date": "1992-03-08T15:13:16.688Z", "age": 34},
    "registered": {"date": "2007-07-09T05:51:59.390Z", "age": 19},
    "phone": "(272) 790-0888",
    "cell": "(489) 330-2385",
    "id": {"name": "SSN", "value": "405-88-3636"},
    "picture": {
        "large": "https://randomuser.me/api/portraits/women/75.jpg",
        "medium": "https://randomuser.me/api/portraits/med/women/75.jpg",
        "thumbnail": "https://randomuser.me/api/portraits/thumb/women/75.jpg",
    },
    "nat": "US",
}


def record(**changes: Any) -> dict[str, Any]:
    """The sample record with changes by dotted path, dots written as two underscores: `dob__date=None`."""
    changed = copy.deepcopy(_RECORD)
    for path, value in changes.items():
        *parents, name = path.split("__")
        target = changed
        for parent in parents:
            target = target[parent]
        target[name] = value
    return changed


def another(**changes: Any) -> dict[str, Any]:
    """The sample record as another user: with an id of its own, where none is among the changes."""
    return record(**{"login__uuid": str(uuid.uuid4()), **changes})
