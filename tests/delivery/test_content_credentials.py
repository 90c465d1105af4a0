"""Content Credentials in delivered pictures, verified by the library of those who publish the standard."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from packshot_tests.certificates import issue
from packshot_tests.command import Done, run
from packshot_tests.shop import Shop
from PIL import Image

MEDIA = {".png": "image/png", ".jpg": "image/jpeg", ".tif": "image/tiff", ".webp": "image/webp", ".avif": "image/avif"}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shoe that a person approved and a hat with a corrected mask whose frame was cut off, each for one channel."""
    made = Shop(tmp_path)
    for source, sku, box in (("in/shoe.png", "A1", None), ("in/hat.png", "B2", (4, 4, 70, 50))):
        made.add(source, tint=len(made.records), box=box, sku=sku, view=1, status="review", schema_version=2)
        picture = {"file": f"packshots/{source.removesuffix('.png')}.png", "status": "ok", "rules": []}
        made.change(source, packshots={"amazon": picture}, review=["mask"], mask_model="cutout@1f2e3d4c")
    for source in made.records:
        made.review().approve(source.removeprefix("in/"), by="anna")
    return made


def deliver(shop: Shop, *more: object) -> Done:
    return run("deliver", shop.out, "--to", "folder:there", "--json", *more, cwd=shop.root)


def credentials(path: Path) -> dict[str, Any]:
    """What the file states, once its signature and hashes have been verified."""
    reader = c2pa.Reader(MEDIA[path.suffix], io.BytesIO(path.read_bytes()))
    told = json.loads(reader.json())
    failures = {one["code"] for one in told["validation_results"]["activeManifest"]["failure"]}
    assert failures <= {"signingCredential.untrusted"}  # nobody but these tests knows their authority
    found: dict[str, Any] = told["manifests"][told["active_manifest"]]
    return found


def assertion(found: dict[str, Any], label: str) -> dict[str, Any]:
    (data,) = [one["data"] for one in found["assertions"] if one["label"] == label]
    return dict(data)


def test_a_picture_states_its_photo_what_was_done_and_who_approved_it(shop: Shop) -> None:
    chain, key = issue(shop.root / "keys")
    done = deliver(shop, "--certificate", chain, "--key", key)
    assert (done.code, {row["status"] for row in done.lines}) == (0, {"new"}), done.err
    found = credentials(shop.root / "there/amazon/in/hat.png")
    assert found["signature_info"]["common_name"] == "Shop"
    (photo,) = found["ingredients"]
    assert (photo["relationship"], photo["title"]) == ("parentOf", "photo")
    assert "thumbnail" not in photo
    actions = assertion(found, "c2pa.actions.v2")["actions"]
    assert [action["action"] for action in actions] == ["c2pa.opened", "c2pa.cropped", "c2pa.edited", "c2pa.edited"]
    assert actions[2]["description"] == "the product was cut out by cutout@1f2e3d4c"
    making = assertion(found, "org.packshot.making")
    assert (making["network"], making["profile"]) == ("cutout@1f2e3d4c", "amazon")
    assert [(one["kind"], one["by"]) for one in making["decisions"]] == [("approve", "anna")]
    with (
        Image.open(shop.root / "there/amazon/in/hat.png") as signed,
        Image.open(shop.out / "packshots/in/hat.png") as kept,
    ):
        np.testing.assert_array_equal(np.asarray(signed), np.asarray(kept))


def test_the_next_delivery_finds_the_same_and_signs_nothing_anew(shop: Shop) -> None:
    chain, key = issue(shop.root / "keys")
    signed = ("--certificate", chain, "--key", key)
    dry = deliver(shop, *signed, "--dry-run")
    assert not (shop.root / "there").exists()
    assert not (shop.out / "delivery/signed").exists()
    assert [row["status"] for row in dry.lines] == ["new", "new"]
    deliver(shop, *signed)
    before = (shop.root / "there/amazon/in/shoe.png").read_bytes()
    assert {row["status"] for row in deliver(shop, *signed).lines} == {"same"}
    assert (shop.root / "there/amazon/in/shoe.png").read_bytes() == before
    # Who decides anew is named anew.
    shop.review().approve("shoe.png", by="ben")
    assert sorted(row["status"] for row in deliver(shop, *signed).lines) == ["changed", "same"]
    # Without a certificate the plain pictures are delivered again.
    assert {row["status"] for row in deliver(shop).lines} == {"changed"}
    plain = (shop.root / "there/amazon/in/shoe.png").read_bytes()
    assert plain == (shop.out / "packshots/in/shoe.png").read_bytes()


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif", ".tif"])
def test_every_format_that_is_composed_holds_credentials(shop: Shop, suffix: str) -> None:
    file = f"packshots/in/shoe{suffix}"
    with Image.open(shop.out / "packshots/in/shoe.png") as picture:
        picture.convert("RGB").save(shop.out / file)
    pictures = {"amazon": {"file": file, "status": "ok", "rules": []}}
    shop.change("in/shoe.png", packshots=pictures, status="ok", review=[])
    chain, key = issue(shop.root / "keys", key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    done = deliver(shop, "--certificate", chain, "--key", key)
    assert done.code == 0, done.err
    assert credentials(shop.root / f"there/amazon/in/shoe{suffix}")["signature_info"]["alg"] == "Ps256"


def test_a_photo_that_is_gone_holds_its_picture_back_and_no_other(shop: Shop) -> None:
    (shop.root / "in/hat.png").unlink()
    chain, key = issue(shop.root / "keys")
    done = deliver(shop, "--certificate", chain, "--key", key)
    assert done.code == 3
    assert "in/hat.png is not there" in done.err
    assert {row["source"]: row["status"] for row in done.lines} == {"in/hat.png": "held", "in/shoe.png": "new"}


def test_what_cannot_sign_is_refused_before_anything_is_written(shop: Shop, tmp_path: Path) -> None:
    chain, key = issue(tmp_path / "keys")
    _, other = issue(tmp_path / "others")
    expired, its_key = issue(tmp_path / "expired", days=-1)
    (tmp_path / "empty.pem").write_text("")
    for files, code, words in (
        ((chain, other), 2, "is not the key of"),
        ((tmp_path / "empty.pem", key), 2, "holds no certificate"),
        ((chain, tmp_path / "empty.pem"), 2, "holds no private key"),
        ((tmp_path / "none.pem", key), 2, "cannot be read"),
        ((expired, its_key), 1, "has not run out"),
    ):
        done = deliver(shop, "--certificate", files[0], "--key", files[1])
        assert (done.code, words in done.err) == (code, True), done.err
        assert not (shop.root / "there").exists()
    done = deliver(shop, "--certificate", chain)
    assert (done.code, "belong together" in done.err) == (2, True)
