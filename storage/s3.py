"""Blobs in any S3 server, through the minio SDK, which nothing outside this folder imports."""

import io
from collections.abc import Callable, Iterator
from typing import TypeVar

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from storage.blobs import BlobDamaged, BlobLocked, BlobMissing, StoreDown, is_key, key_of, proven

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
T = TypeVar("T")
LOCKED = {"AccessDenied", "ObjectLocked", "InvalidRequest", "MethodNotAllowed"}
GONE = {"NoSuchKey", "NoSuchObject", "NoSuchBucket"}


class S3:
    """Objects in one bucket. A 200 alone proves nothing: what was put is read back and hashed."""

    def __init__(
        self,
        endpoint: str,
        bucket: str,
        access_key: str,
        secret_key: str,
        *,
        secure: bool = True,
        region: str = "us-east-1",
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        self.bucket = bucket
        # The SDK's own pool waits for five minutes; a store that hangs must not hang our workers.
        self.client = Minio(
            endpoint=endpoint,
            access_key=access_key,
            secret_key=secret_key,
            secure=secure,
            region=region,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=connect, read=read),
                maxsize=10,
                retries=urllib3.Retry(total=2, backoff_factor=0.1, status_forcelist=[500, 502, 504]),
            ),
        )

    def prepare(self) -> None:
        """Make the bucket when there is none; for set-up, not for every start."""
        if not self._ask(lambda: self.client.bucket_exists(bucket_name=self.bucket)):
            self._ask(lambda: self.client.make_bucket(bucket_name=self.bucket))

    def put(self, data: bytes) -> str:
        key = key_of(data)
        if not self._holds(key, data):
            self._ask(
                lambda: self.client.put_object(
                    bucket_name=self.bucket, object_name=self._name(key), data=io.BytesIO(data), length=len(data)
                )
            )
            if not self._holds(key, data):
                raise BlobDamaged(f"the store took object {key} but does not give it back whole")
        return key

    def get(self, key: str) -> bytes:
        return proven(key, self._bytes(key))

    def read(self, key: str, start: int, length: int) -> bytes:
        if length <= 0 or start >= self.size(key):
            return b""
        return self._bytes(key, start, length)

    def size(self, key: str) -> int:
        self._must_be_key(key)
        size = self._ask(lambda: self.client.stat_object(bucket_name=self.bucket, object_name=self._name(key)).size)
        if size is None:
            raise BlobMissing(key)
        return size

    def keys(self) -> Iterator[str]:
        found = self._ask(lambda: list(self.client.list_objects(bucket_name=self.bucket, recursive=True)))
        names = ((item.object_name or "").rsplit("/", 1)[-1] for item in found)
        return (name for name in names if is_key(name))

    def delete(self, key: str) -> None:
        """Every version of it, where the bucket keeps versions: a mark that hides the bytes would leave them there."""
        if not is_key(key):
            return
        self._ask(lambda: self._delete(key))
        if key in self:
            raise BlobLocked(f"the store still holds object {key} after it was deleted")

    def _delete(self, key: str) -> None:
        name = self._name(key)
        held = self.client.list_objects(bucket_name=self.bucket, prefix=name, include_version=True)
        numbers = [item.version_id for item in held if item.object_name == name]
        try:
            for number in numbers or [None]:
                self.client.remove_object(bucket_name=self.bucket, object_name=name, version_id=number)
        except S3Error as error:
            if error.code in LOCKED:
                raise BlobLocked(f"the store refuses to delete object {key}: {error.code}") from error
            raise

    def __contains__(self, key: object) -> bool:
        try:
            return isinstance(key, str) and is_key(key) and self.size(key) >= 0
        except BlobMissing:
            return False

    def _holds(self, key: str, data: bytes) -> bool:
        try:
            return self.size(key) == len(data) and key_of(self._bytes(key)) == key
        except BlobMissing:
            return False

    def _bytes(self, key: str, start: int = 0, length: int = 0) -> bytes:
        self._must_be_key(key)
        return self._ask(lambda: self._fetch(key, start, length))

    def _fetch(self, key: str, start: int, length: int) -> bytes:
        answer = self.client.get_object(
            bucket_name=self.bucket, object_name=self._name(key), offset=start, length=length
        )
        try:
            return bytes(answer.read())
        finally:
            answer.close()
            answer.release_conn()

    def _ask(self, question: Callable[[], T]) -> T:
        """One call to the store, with its many ways of failing told apart in our words."""
        try:
            return question()
        except S3Error as error:
            if error.code in GONE:
                raise BlobMissing(error.object_name or "") from None
            raise StoreDown(f"the object store answered {error.code}") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise StoreDown(f"the object store cannot be reached: {type(error).__name__}") from error

    @staticmethod
    def _name(key: str) -> str:
        return f"{key[:2]}/{key}"

    @staticmethod
    def _must_be_key(key: str) -> None:
        if not is_key(key):
            raise BlobMissing(key)
