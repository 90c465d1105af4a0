"""Draw a model's parts with OpenGL: one pass whose alpha is the exact share of each pixel that the model covers."""

from __future__ import annotations

import moderngl
import numpy as np
from mesh import Part

_SAMPLES = 4  # per pixel of the enlarged picture; with scale 2 each final pixel rests on 16 samples
_SCALE = 2
_SHADOW = 1024

_VERTEX = """
#version 330
uniform mat4 view; uniform mat4 key;
in vec3 in_position; in vec3 in_normal; in vec2 in_uv; in vec3 in_colour;
out vec3 at; out vec3 normal; out vec2 uv; out vec3 colour; out vec3 lit;
void main() {
    at = in_position; normal = in_normal; uv = in_uv; colour = in_colour;
    lit = (key * vec4(at, 1)).xyz * 0.5 + 0.5;
    gl_Position = view * vec4(at, 1);
}"""

# Four directional lights, the first with a shadow; sky and floor as ambient light and as a dim mirror image.
_FRAGMENT = """
#version 330
uniform sampler2D image; uniform sampler2DShadow shade;
uniform bool textured; uniform bool cutout;
uniform vec3 eye; uniform vec3 light_from[4]; uniform vec3 light[4]; uniform vec3 sky; uniform vec3 floor_light;
uniform float gloss; uniform float shine; uniform float exposure;
in vec3 at; in vec3 normal; in vec2 uv; in vec3 colour; in vec3 lit;
out vec4 result;
vec3 ambient(float up) { return mix(floor_light, sky, smoothstep(-1.0, 1.0, up)); }
void main() {
    vec4 base = textured ? texture(image, uv) : vec4(1);
    if (cutout && base.a < 0.5) discard;
    vec3 albedo = pow(base.rgb * colour, vec3(2.2));
    vec3 to_eye = normalize(eye - at), n = normalize(normal);
    if (dot(n, to_eye) < 0.0) n = -n;  // thin sheets are modelled with one side only
    vec3 sum = albedo * ambient(n.z);
    float open = 0.0;
    for (int y = 0; y <= 1; y++) for (int x = 0; x <= 1; x++)
        open += texture(shade, lit + vec3(x - 0.5, y - 0.5, 0) * 1.6 / 1024) / 4.0;
    float grazing = shine + (1.0 - shine) * pow(1.0 - max(dot(n, to_eye), 0.0), 5.0) * 0.6;
    for (int i = 0; i < 4; i++) {
        float facing = max(dot(n, light_from[i]), 0.0) * (i == 0 ? open : 1.0);
        vec3 half_way = normalize(light_from[i] + to_eye);
        float spot = pow(max(dot(n, half_way), 0.0), gloss) * (gloss + 8.0) / 8.0;
        sum += light[i] * facing * (albedo + grazing * spot);
    }
    sum += grazing * ambient(reflect(-to_eye, n).z) * clamp(gloss / 200.0, 0.1, 1.0);
    sum *= exposure;
    sum = sum / (1.0 + max(sum - 0.6, 0.0) * 0.5);  // a soft shoulder instead of clipped highlights
    result = vec4(pow(clamp(sum, 0.0, 1.0), vec3(1.0 / 2.2)), 1);
}"""

_DEPTH_FRAGMENT = "#version 330\nvoid main() {}"


class Model:
    """A model held by the GPU; draws itself as often as asked.

    Args:
        parts: What `mesh.load` returned.
        cutout: Whether texture alpha below 0.5 is a hole, as in leaves and nets.
    """

    def __init__(self, context: moderngl.Context, parts: list[Part], *, cutout: bool = False) -> None:
        self.points = np.concatenate([p.vertices[np.unique(p.faces), :3] for p in parts])
        self._context = context
        self._cutout = cutout
        self._program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._depth_program = context.program(vertex_shader=_VERTEX, fragment_shader=_DEPTH_FRAGMENT)
        self._shadow = context.depth_texture((_SHADOW, _SHADOW))
        self._shadow.compare_func = "<="
        self._owned: list = [self._program, self._depth_program, self._shadow]
        self._draws = []
        names = ("in_position", "in_normal", "in_uv", "in_colour")
        for part in parts:
            vertices, faces = context.buffer(part.vertices.tobytes()), context.buffer(part.faces.tobytes())
            seen = context.vertex_array(self._program, [(vertices, "3f 3f 2f 3f", *names)], faces)
            cast = context.vertex_array(self._depth_program, [(vertices, "3f 32x", "in_position")], faces)
            texture = self._texture(part.texture) if part.texture is not None else None
            self._draws.append((seen, cast, texture))
            self._owned += [vertices, faces, seen, cast] + ([texture] if texture else [])

    def _texture(self, pixels: np.ndarray) -> moderngl.Texture:
        texture = self._context.texture(pixels.shape[1::-1], 4, np.ascontiguousarray(pixels[::-1]).tobytes())
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        return texture

    def draw(self, size: tuple[int, int], view: np.ndarray, key: np.ndarray, light: dict[str, object]) -> np.ndarray:
        """Draws one picture.

        Args:
            size: (width, height) of the result in pixels.
            view: float (4, 4), world to clip space.
            key: float (4, 4), world to the clip space of the first light, for its shadow.
            light: Values for the shader: eye, light_from, light, sky, floor_light, gloss, shine, exposure.

        Returns:
            float32 (h, w, 4) in 0..1: sRGB colour multiplied by alpha, and alpha.
        """
        context = self._context
        context.enable(moderngl.DEPTH_TEST)
        shadow = context.framebuffer(depth_attachment=self._shadow)
        shadow.use()
        shadow.clear(depth=1.0)
        self._depth_program["view"].write(key.T.astype("f4").tobytes())
        context.polygon_offset = 2.0, 4.0
        for _, cast, _ in self._draws:
            cast.render()
        context.polygon_offset = 0.0, 0.0
        shadow.release()

        wide, high = size[0] * _SCALE, size[1] * _SCALE
        many = context.framebuffer(
            [context.renderbuffer((wide, high), 4, samples=_SAMPLES)],
            context.depth_renderbuffer((wide, high), samples=_SAMPLES),
        )
        one = context.framebuffer([context.renderbuffer((wide, high), 4)])
        many.use()
        many.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        program = self._program
        program["view"].write(view.T.astype("f4").tobytes())
        program["key"].write(key.T.astype("f4").tobytes())
        for name, value in light.items():
            program[name].write(np.asarray(value, "f4").tobytes())
        program["cutout"], program["image"], program["shade"] = self._cutout, 0, 1
        self._shadow.use(1)
        for seen, _, texture in self._draws:
            program["textured"] = texture is not None
            if texture is not None:
                texture.use(0)
            seen.render()
        # The mean over samples of colour on black is colour times coverage: nothing of a background gets in.
        context.copy_framebuffer(one, many)
        pixels = np.frombuffer(one.read(components=4), np.uint8).reshape(high, wide, 4)[::-1]
        for buffer in (many, one):
            for attachment in buffer.color_attachments:
                attachment.release()
            if buffer.depth_attachment:
                buffer.depth_attachment.release()
            buffer.release()
        blocks = pixels.reshape(size[1], _SCALE, size[0], _SCALE, 4)
        return blocks.mean((1, 3), dtype=np.float32) / 255

    def release(self) -> None:
        """Frees what the GPU holds of the model."""
        for thing in self._owned:
            thing.release()
