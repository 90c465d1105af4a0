"""Objects by URI: buckets (`s3://`, `gs://`, `az://`) and folders (`file://`) behind one narrow interface.

`open_folder` is the way in; buckets need the extra ``cloud`` (obstore), folders nothing.
"""

from packshot.storage.objects.folder import ObjectFolder, ObjectInfo
from packshot.storage.objects.lease import Lease
from packshot.storage.objects.local_copy import local_copy
from packshot.storage.objects.opening import open_folder
from packshot.storage.objects.photo_reader import PhotoReader
from packshot.storage.objects.uri import ObjectUri, is_object_uri

__all__ = [
    "Lease",
    "ObjectFolder",
    "ObjectInfo",
    "ObjectUri",
    "PhotoReader",
    "is_object_uri",
    "local_copy",
    "open_folder",
]
