"""Read a textured mesh file into parts that a GPU can draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import trimesh
from PIL import Image

# Simulators keep textures beside the mesh or in one of these places, and the path in the file is often stale.
_TEXTURE_FOLDERS = (".", "textures", "..", "../materials/textures", "../materials", "../textures")
# Flat faces that meet at a sharper angle keep their edge when the file brings no normals.
_SMOOTH_BELOW = np.radians(40)
# Pixels a side; finer than a render of some 400 pixels can show, and 8-bit RGBA of it stays at 16 MiB.
_LARGEST_TEXTURE = 2048
_UPRIGHT = {
    "x": np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], float),
    "y": np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], float),
    "-y": np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float),
    "z": np.eye(3),
    "-z": np.diag([1.0, -1.0, -1.0]),
}


@dataclass(frozen=True)
class Part:
    """One piece of a model with one material.

    Attributes:
        vertices: float32 (n, 11): position (3), normal (3), texture coordinate (2), base colour 0..1 in sRGB (3).
        faces: uint32 (m, 3), indices into vertices.
        texture: uint8 (h, w, 4) in sRGB, first row at the top, or None where the base colour says it all.
    """

    vertices: np.ndarray
    faces: np.ndarray
    texture: np.ndarray | None


class _Textures(trimesh.resolvers.FilePathResolver):
    """Finds a texture by its file name in the usual folders; letter case does not matter."""

    def get(self, name: str) -> bytes:
        wanted = Path(str(name).replace("\\", "/").replace("%20", " ")).name.lower()
        base = Path(self.parent)
        for folder in _TEXTURE_FOLDERS:
            place = base / folder
            if place.is_dir():
                for path in sorted(place.iterdir()):
                    if path.name.lower() == wanted and path.is_file():
                        return path.read_bytes()
        raise FileNotFoundError(name)


def up_axis(path: Path) -> str:
    """Returns the axis that points up: what a Collada file says, "y" for glTF, else "z" as simulators assume."""
    if path.suffix.lower() == ".dae":
        said = re.search(rb"<up_axis>\s*([XYZ])_UP", path.read_bytes()[:20000])
        return said.group(1).decode().lower() if said else "y"
    return "y" if path.suffix.lower() in {".glb", ".gltf"} else "z"


def load(path: Path, *, up: str | None = None) -> list[Part]:
    """Reads a .dae, .obj, .glb or .gltf file.

    Args:
        path: The mesh file; textures are looked for beside it and in ../materials/textures.
        up: "x", "y", "z", "-y" or "-z", the axis of the file that points up; None takes `up_axis(path)`.

    Returns:
        The parts, turned so that z points up, centred, and scaled into the unit sphere.

    Raises:
        ValueError: The file holds no triangles.
    """
    with path.open("rb") as file:
        scene = trimesh.load_scene(
            file, file_type=path.suffix.lower()[1:], resolver=_Textures(str(path)), process=False
        )
    turn = _UPRIGHT[up or up_axis(path)]
    parts = []
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces):
            parts.append(_part(mesh, turn @ matrix[:3, :3], turn @ matrix[:3, 3]))
    if not parts:
        raise ValueError(f"no triangles in {path}")
    used = np.concatenate([p.vertices[np.unique(p.faces), :3] for p in parts])
    low, high = used.min(0), used.max(0)
    centre = (low + high) / 2
    radius = np.linalg.norm(used - centre, axis=1).max()
    for part in parts:
        part.vertices[:, :3] = (part.vertices[:, :3] - centre) / radius
    return parts


def _part(mesh: trimesh.Trimesh, turn: np.ndarray, shift: np.ndarray) -> Part:
    if "vertex_normals" not in mesh._cache:
        mesh = _with_normals(mesh)
    count = len(mesh.vertices)
    normals = mesh.vertex_normals @ np.linalg.inv(turn)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    uv, colour, texture = np.zeros((count, 2)), np.full((count, 3), 0.8), None
    visual = mesh.visual
    if visual.kind == "texture":
        image, colour[:] = _material(visual.material)
        if image is not None and visual.uv is not None and len(visual.uv) == count:
            uv, texture = visual.uv[:, :2], _shrink(np.asarray(image.convert("RGBA")))
    elif visual.kind in {"vertex", "face"}:
        colour = np.asarray(visual.vertex_colors)[:, :3] / 255
    vertices = np.hstack([mesh.vertices @ turn.T + shift, normals, uv, colour]).astype("f4")
    return Part(vertices, mesh.faces.astype("u4"), texture)


def _with_normals(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """Gives each corner the mean normal of the faces at its place, or its own face's where there is an edge."""
    _, place = np.unique(mesh.vertices.round(6), axis=0, return_inverse=True)
    place = place.reshape(-1)[mesh.faces]
    sums = np.zeros((place.max() + 1, 3))
    for corner in range(3):
        np.add.at(sums, place[:, corner], mesh.face_normals * mesh.area_faces[:, None])
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    smooth = sums[place]  # (faces, 3 corners, 3)
    own = np.repeat(mesh.face_normals[:, None], 3, axis=1)
    edge = (smooth * own).sum(-1, keepdims=True) < np.cos(_SMOOTH_BELOW)
    corners = mesh.faces.reshape(-1)
    split = trimesh.Trimesh(mesh.vertices[corners], np.arange(len(corners)).reshape(-1, 3), process=False)
    if mesh.visual.kind == "texture" and mesh.visual.uv is not None and len(mesh.visual.uv) == len(mesh.vertices):
        split.visual = trimesh.visual.TextureVisuals(uv=mesh.visual.uv[corners], material=mesh.visual.material)
    elif mesh.visual.kind == "texture":
        split.visual = trimesh.visual.TextureVisuals(material=mesh.visual.material)
    elif mesh.visual.kind in {"vertex", "face"}:
        split.visual = trimesh.visual.ColorVisuals(vertex_colors=mesh.visual.vertex_colors[corners])
    split.vertex_normals = np.where(edge, own, smooth).reshape(-1, 3)
    return split


def _shrink(pixels: np.ndarray) -> np.ndarray:
    share = _LARGEST_TEXTURE / max(pixels.shape[:2])
    # The area mean of each channel by itself: colour under transparent texels may be in use.
    return cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) if share < 1 else pixels


def _material(material: object) -> tuple[Image.Image | None, np.ndarray]:
    """Returns the texture, if any, and the base colour; a texture stands alone, as many files pair it with black."""
    # Baked models carry their colours as the texture that shines by itself.
    names = ("image", "baseColorTexture", "emissiveTexture")
    image = next((i for i in (getattr(material, name, None) for name in names) if i is not None), None)
    if image is not None:
        return image, np.ones(3)
    factor = getattr(material, "baseColorFactor", None)
    colour = factor if factor is not None else getattr(material, "main_color", (200, 200, 200))
    colour = np.asarray(colour, float)[:3]
    return None, colour / 255 if colour.max() > 1 else colour
