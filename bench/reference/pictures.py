"""Pictures of every kind, compared pixel by pixel with Pillow.

Writes about 350 small files (formats, color models, profiles, orientations, damage), decodes them with
the Java decoder and with Pillow, and prints a line a file that differs, then a table. The exit status is
1 if the pixels of a file differ, or if one is refused that Pillow reads and no kind below covers.

    mvn package -DskipTests
    python pictures.py --classes 'bench/target/classes:models/target/classes:...' --out OUT

--keep FOLDER also copies the files of KEPT there, with expected.tsv: name, width, height and CRC-32 of
the RGB bytes by Pillow, or 0, 0 and 0 if the file is to be refused. These are test data of the build.
"""
import argparse
import collections
import io
import pathlib
import random
import shutil
import struct
import subprocess
import warnings
import zlib

from PIL import Image, ImageOps

# What the Java decoder refuses though Pillow reads it: name of the kind and parts of its messages.
REFUSED_KINDS = {
    "other formats": ["expected a JPEG, PNG, GIF or BMP image"],
    "JPEG with arithmetic codes, lossless or hierarchical": ["Huffman codes, found"],
    "damaged pixels": [": pixels: expected", "one that ends early"],
    "more pixels or work than the bytes account for": [" pixels in ", "coefficients in", "blocks in all scans"],
}

# Where Pillow departs from the formats.
PILLOW_DEPARTS = {
    "png-gray2-trns.png": "compares a 2-bit sample with an 8-bit one",
    "png-gray4-trns.png": "compares a 4-bit sample with an 8-bit one",
    "bmp-rle4-odd.bmp": "loses the last pixel of odd runs",
}

KEPT = """
jpg-baseline-444 jpg-progressive-420 jpg-restart-422 jpg-optimized-420 jpg-size-1x1 jpg-size-5x2 jpg-size422-7x9
jpg-size-17x16 jpg-size422-2x1 jpg-quality-1 jpg-quality-progressive-10 jpg-gray jpg-gray-sampling22
jpg-sampling-440-restart jpg-sampling-411 jpg-sampling-410 jpg-sampling-chroma-larger jpg-sampling-fraction jpg-scans-restart
jpg-scans-missing jpg-ids-0-1-2 jpg-ids-82-71-66 jpg-ids-jfif-82-71-66 jpg-adobe-0 jpg-adobe-jfif-0 jpg-cmyk
jpg-cmyk-no-adobe jpg-ycck-2 jpg-exif-II-6 jpg-exif-MM-L jpg-exif-MM-outside jpg-exif-progressive jpg-xmp
jpg-icc jpg-icc-missing jpg-no-tables jpg-junk jpg-trailing-scan jpg-cut-half-ended jpg-cut-progressive
jpg-progressive-first-scan jpg-restart-missing jpg-twelve-bits jpg-frame-C9 jpg-frame-C3
png-gray1 png-gray2-interlaced png-gray16 png-gray16-trns png-gray1-trns png-rgb8-trns png-rgb16-interlaced
png-palette2 png-palette8-interlaced png-palette-trns png-graya16 png-rgba8-interlaced png-interlaced-1x9 png-split
png-profile-broken png-exif-MM-6 png-exif-last png-xmp png-animated-default png-no-end png-cut png-header-checksum
png-adler png-more-data png-filter png-no-palette
gif-few-interlaced gif-few-placed gif-few-placed-transparent gif-black-transparent gif-beyond gif-no-screen
gif-no-colors gif-local gif-noise gif-cut-ended gif-88
bmp-1 bmp-4-old bmp-8-few bmp-8-outside bmp-16 bmp-16-565 bmp-24-top bmp-32 bmp-32-masks1-56 bmp-32-masks4-124
bmp-32-masks-behind bmp-rle8-jump bmp-rle8-odd bmp-rle4 bmp-rle8-cut bmp-cut bmp-jpeg
other text empty bomb
""".split()


def noise(rng, width, height, mode="RGB"):
    """A picture with slopes, edges and some noise."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    data = bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                edge = 90 if (x // 7 + y // 5 + c) % 2 else 0
                data.append(min(255, (x * (3 + c) + y * (5 - c)) % 160 + edge + rng.randrange(6)))
    return Image.frombytes(mode, (width, height), bytes(data))


# ---------------------------------------------------------------- JPEG


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **{"quality": 85, **options})
    return out.getvalue()


def segments(file):
    """The segments before the first scan as (marker, body), and what follows them."""
    found, at = [], 2
    while file[at + 1] != 0xDA:
        length = struct.unpack(">H", file[at + 2 : at + 4])[0]
        found.append((file[at + 1], file[at + 4 : at + 2 + length]))
        at += 2 + length
    return found, file[at:]


def joined(found, rest):
    parts = [b"\xff\xd8"]
    for marker, body in found:
        parts.append(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body)
    return b"".join(parts) + rest


def without(file, *markers):
    found, rest = segments(file)
    return joined([s for s in found if s[0] not in markers], rest)


def with_first(file, *more):
    found, rest = segments(file)
    return joined(list(more) + found, rest)


def with_ids(file, ids):
    found, rest = segments(file)
    rest = bytearray(rest)
    result = []
    for marker, body in found:
        if marker in (0xC0, 0xC1, 0xC2):
            body = bytearray(body)
            for i, number in enumerate(ids):
                old = body[6 + 3 * i]
                body[6 + 3 * i] = number
                at = 0
                while True:  # headers of all scans
                    at = rest.find(b"\xff\xda", at)
                    if at < 0:
                        break
                    for k in range(rest[at + 4]):
                        if rest[at + 5 + 2 * k] == old + 100 or rest[at + 5 + 2 * k] == old:
                            rest[at + 5 + 2 * k] = number + 100 if number < 4 else number
                    at += 2
            body = bytes(body)
        result.append((marker, body))
    at = 0
    while True:
        at = rest.find(b"\xff\xda", at)
        if at < 0:
            break
        for k in range(rest[at + 4]):
            if rest[at + 5 + 2 * k] >= 100 and rest[at + 5 + 2 * k] - 100 in ids:
                rest[at + 5 + 2 * k] -= 100
        at += 2
    return joined(result, bytes(rest))


def adobe(transform):
    return 0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform)


JFIF = 0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"


def tiff(order, kind, values):
    """A TIFF structure with three entries, among them the tag Orientation."""
    o = "<" if order == "II" else ">"
    size = {"B": 1, "b": 6, "H": 3, "L": 4, "h": 8, "l": 9}[kind]
    data = struct.pack(o + kind * len(values), *values)
    entries = [
        struct.pack(o + "HHLHH", 0x0106, 3, 1, 2, 0),
        struct.pack(o + "HHL", 0x0112, size, len(values)),
        struct.pack(o + "HHLHH", 0x0128, 3, 1, 2, 0),
    ]
    outside = b""
    if len(data) > 4:
        outside = data
        entries[1] += struct.pack(o + "L", 8 + 2 + 36 + 4)
    else:
        entries[1] += data.ljust(4, b"\0")
    head = order.encode() + struct.pack(o + "HL", 42, 8)
    return head + struct.pack(o + "H", 3) + b"".join(entries) + bytes(4) + outside


def exif(data):
    return 0xE1, b"Exif\0\0" + data


def xmp(text):
    return 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + text


def icc(parts):
    return [(0xE2, b"ICC_PROFILE\0" + bytes([n, of]) + body) for n, of, body in parts]


class Bits:
    def __init__(self):
        self.value, self.count = 0, 0

    def put(self, value, count):
        self.value, self.count = self.value << count | value, self.count + count

    def bytes(self):
        pad = -self.count % 8
        whole = (self.value << pad | ((1 << pad) - 1)).to_bytes((self.count + pad) // 8, "big")
        return whole.replace(b"\xff", b"\xff\0")


def codes(body):
    """Code and length of each symbol of a table as a DHT segment holds it."""
    counts, symbols, table, code, at = body[:16], body[16:], {}, 0, 0
    for length in range(1, 17):
        for _ in range(counts[length - 1]):
            table[symbols[at]] = code, length
            code, at = code + 1, at + 1
        code <<= 1
    return table


def standard_tables():
    found, _ = segments(jpeg(Image.new("RGB", (8, 8))))
    tables = {}
    for marker, body in found:
        if marker == 0xC4:
            at = 0
            while at < len(body):
                count = sum(body[at + 1 : at + 17])
                tables[body[at]] = body[at + 1 : at + 17 + count]
                at += 17 + count
    return tables


def encoded(rng, width, height, sampling, interleaved=True, restart=0, strong=1, last_scan=None):
    """A baseline JPEG with random coefficients and any sampling, written bit by bit."""
    tables = standard_tables()
    dc, ac = codes(tables[0]), codes(tables[16])
    h_max, v_max = max(h for h, _ in sampling), max(v for _, v in sampling)
    out = [b"\xff\xd8"]

    def segment(marker, body):
        out.append(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body)

    segment(0xDB, b"\0" + bytes(min(255, 3 + i) for i in range(64)))
    frame = struct.pack(">BHHB", 8, height, width, len(sampling))
    for i, (h, v) in enumerate(sampling):
        frame += bytes([i + 1, h << 4 | v, 0])
    segment(0xC0, frame)
    segment(0xC4, b"\0" + tables[0] + b"\x10" + tables[16])
    if restart:
        segment(0xDD, struct.pack(">H", restart))
    all_of_them = range(len(sampling))
    for scan in [all_of_them] if interleaved else [[i] for i in all_of_them][:last_scan]:
        header = bytes([len(scan)]) + b"".join(bytes([i + 1, 0]) for i in scan) + b"\0\x3f\0"
        segment(0xDA, header)
        units = []
        if len(scan) > 1:
            count = -(-width // (8 * h_max)) * -(-height // (8 * v_max))
            units = [[i for i in scan for _ in range(sampling[i][0] * sampling[i][1])]] * count
        else:
            h, v = sampling[scan[0]]
            if len(sampling) == 1:
                h, v, across, down = 1, 1, 1, 1
            else:
                across, down = h_max, v_max
            columns = -(-(-(-width * h // across)) // 8)
            rows = -(-(-(-height * v // down)) // 8)
            units = [[scan[0]]] * (columns * rows)
        bits, previous, number = Bits(), collections.Counter(), 0
        for n, unit in enumerate(units):
            if restart and n and n % restart == 0:
                out.append(bits.bytes() + bytes([0xFF, 0xD0 + number % 8]))
                bits, previous, number = Bits(), collections.Counter(), number + 1
            for i in unit:
                value = rng.randint(-60, 60) * strong
                difference = value - previous[i]
                previous[i] = value
                put_number(bits, dc, 0, difference)
                k = 1
                while k < 64 and rng.random() < 0.7:
                    run = rng.choice([0, 0, 1, 2, 5, 17])
                    while run > 15 and k + 16 < 64:
                        bits.put(*ac[0xF0])
                        run, k = run - 16, k + 16
                    if k + run > 63:
                        break
                    put_number(bits, ac, run, rng.choice([-1, 1]) * rng.randint(1, max(1, 12 * strong // k)))
                    k += run + 1
                if k < 64:
                    bits.put(*ac[0])
        out.append(bits.bytes())
    return b"".join(out) + b"\xff\xd9"


def put_number(bits, table, run, value):
    size = abs(value).bit_length()
    bits.put(*table[run << 4 | size])
    if size:
        bits.put(value if value > 0 else value + (1 << size) - 1, size)


def jpeg_files(rng):
    color, gray = noise(rng, 37, 29), noise(rng, 37, 29, "L")
    for name, subsampling in [("444", 0), ("422", 1), ("420", 2)]:
        yield f"jpg-baseline-{name}.jpg", jpeg(color, subsampling=subsampling)
        yield f"jpg-progressive-{name}.jpg", jpeg(color, subsampling=subsampling, progressive=True)
        yield f"jpg-restart-{name}.jpg", jpeg(color, subsampling=subsampling, restart_marker_blocks=2)
        yield f"jpg-optimized-{name}.jpg", jpeg(color, subsampling=subsampling, optimize=True)
    for width, height in [(1, 1), (2, 1), (1, 2), (3, 3), (4, 5), (5, 2), (7, 9), (16, 16), (17, 16), (16, 17), (33, 31)]:
        yield f"jpg-size-{width}x{height}.jpg", jpeg(noise(rng, width, height), subsampling=2)
        yield f"jpg-size422-{width}x{height}.jpg", jpeg(noise(rng, width, height), subsampling=1, progressive=True)
    for quality in (1, 10, 50, 100):
        yield f"jpg-quality-{quality}.jpg", jpeg(color, quality=quality)
        yield f"jpg-quality-progressive-{quality}.jpg", jpeg(color, quality=quality, progressive=True)
    yield "jpg-gray.jpg", jpeg(gray)
    yield "jpg-gray-progressive.jpg", jpeg(gray, progressive=True)
    found, rest = segments(jpeg(gray))
    yield "jpg-gray-sampling22.jpg", joined([(m, b[:7] + b"\x22" + b[8:] if m == 0xC0 else b) for m, b in found], rest)
    for name, sampling in {
        "440": [(1, 2), (1, 1), (1, 1)],
        "411": [(4, 1), (1, 1), (1, 1)],
        "410": [(4, 2), (1, 1), (1, 1)],
        "14": [(1, 4), (1, 1), (1, 1)],
        "chroma-larger": [(1, 1), (2, 2), (1, 2)],
        "mixed": [(2, 2), (2, 1), (1, 2)],
        "41-21": [(4, 1), (2, 1), (1, 1)],
        "fraction": [(3, 1), (2, 1), (1, 1)],
        "30": [(3, 1), (1, 1), (1, 1)],
        "four": [(2, 2), (1, 1), (1, 1), (2, 2)],
    }.items():
        yield f"jpg-sampling-{name}.jpg", encoded(rng, 53, 37, sampling)
    yield "jpg-sampling-440-restart.jpg", encoded(rng, 53, 37, [(1, 2), (1, 1), (1, 1)], restart=3)
    yield "jpg-strong.jpg", encoded(rng, 53, 37, [(2, 2), (1, 1), (1, 1)], strong=4)
    yield "jpg-scans.jpg", encoded(rng, 53, 37, [(2, 2), (1, 1), (1, 1)], interleaved=False)
    yield "jpg-scans-restart.jpg", encoded(rng, 53, 37, [(2, 1), (1, 1), (1, 1)], interleaved=False, restart=5)
    yield "jpg-scans-missing.jpg", encoded(rng, 53, 37, [(2, 2), (1, 1), (1, 1)], interleaved=False, last_scan=2)

    plain = jpeg(color, subsampling=0)
    bare = without(plain, 0xE0)
    yield "jpg-no-jfif.jpg", bare
    for ids in [(0, 1, 2), (1, 2, 3), (82, 71, 66), (1, 34, 35), (114, 103, 98)]:
        name = "-".join(map(str, ids))
        yield f"jpg-ids-{name}.jpg", with_ids(bare, ids)
        yield f"jpg-ids-jfif-{name}.jpg", with_ids(plain, ids)
    for transform in (0, 1, 2, 9):
        yield f"jpg-adobe-{transform}.jpg", with_first(bare, adobe(transform))
        yield f"jpg-adobe-jfif-{transform}.jpg", with_first(plain, adobe(transform))
        yield f"jpg-adobe-ids-{transform}.jpg", with_first(with_ids(bare, (82, 71, 66)), adobe(transform))
    yield "jpg-rgb.jpg", jpeg(color, keep_rgb=True)
    yield "jpg-adobe-short.jpg", with_first(bare, (0xEE, b"Adobe\0\0\0"))
    cmyk = jpeg(noise(rng, 37, 29, "CMYK"))
    yield "jpg-cmyk.jpg", cmyk
    yield "jpg-cmyk-progressive.jpg", jpeg(noise(rng, 37, 29, "CMYK"), progressive=True)
    yield "jpg-cmyk-no-adobe.jpg", without(cmyk, 0xEE)
    for transform in (1, 2):
        yield f"jpg-ycck-{transform}.jpg", with_first(without(cmyk, 0xEE), adobe(transform))

    for order in ("II", "MM"):
        for value in range(0, 10):
            yield f"jpg-exif-{order}-{value}.jpg", with_first(plain, exif(tiff(order, "H", [value])))
        for kind in "BbLhl":
            yield f"jpg-exif-{order}-{kind}.jpg", with_first(plain, exif(tiff(order, kind, [6])))
        yield f"jpg-exif-{order}-two.jpg", with_first(plain, exif(tiff(order, "H", [6, 3])))
        yield f"jpg-exif-{order}-outside.jpg", with_first(plain, exif(tiff(order, "L", [8, 3, 1])))
    yield "jpg-exif-progressive.jpg", with_first(jpeg(color, progressive=True), exif(tiff("II", "H", [5])))
    yield "jpg-exif-gray.jpg", with_first(jpeg(gray), exif(tiff("MM", "H", [7])))
    yield "jpg-xmp.jpg", with_first(plain, xmp(b'<x tiff:Orientation="6"/>'))
    yield "jpg-xmp-element.jpg", with_first(plain, xmp(b"<tiff:Orientation>3</tiff:Orientation>"))
    yield "jpg-xmp-exif.jpg", with_first(plain, xmp(b'<x tiff:Orientation="6"/>'), exif(tiff("II", "H", [8])))
    yield "jpg-exif-truncated.jpg", with_first(plain, exif(tiff("II", "H", [6])[:-20]))

    profile = bytes(rng.randrange(256) for _ in range(300))
    yield "jpg-icc.jpg", with_first(plain, *icc([(1, 1, profile)]))
    yield "jpg-icc-twice.jpg", with_first(plain, *icc([(1, 1, profile), (1, 1, profile)]))
    yield "jpg-icc-counts.jpg", with_first(plain, *icc([(1, 2, profile), (2, 3, profile)]))
    yield "jpg-icc-missing.jpg", with_first(plain, *icc([(2, 2, profile)]))
    yield "jpg-icc-gray.jpg", with_first(jpeg(gray), *icc([(1, 1, profile)]))
    yield "jpg-no-tables.jpg", without(plain, 0xC4)
    yield "jpg-no-tables-420.jpg", without(jpeg(color), 0xC4)
    yield "jpg-no-quantization.jpg", without(plain, 0xDB)

    found, rest = segments(plain)
    junk = b"".join(joined([s], b"")[2:] + b"\x01\x02\x03" for s in found)
    yield "jpg-junk.jpg", b"\xff\xd8" + junk + rest
    fill = b"".join(b"\xff\xff\xff" + joined([s], b"")[2:] for s in found)
    yield "jpg-fill.jpg", b"\xff\xd8" + fill + b"\xff" + rest
    yield "jpg-comment.jpg", with_first(plain, (0xFE, b"a comment"), (0xED, b"Photoshop 3.0\0"))
    yield "jpg-trailing.jpg", plain + b"and more" * 50
    yield "jpg-trailing-scan.jpg", plain[:-2] + b"\x12\x34\x56\xff\xd9"
    yield "jpg-no-end.jpg", plain[:-2]
    yield "jpg-no-end-progressive.jpg", jpeg(color, progressive=True)[:-2]
    yield "jpg-two.jpg", plain + jpeg(gray)
    yield "jpg-cut-half.jpg", plain[: len(plain) // 2]
    yield "jpg-cut-half-ended.jpg", plain[: len(plain) // 2] + b"\xff\xd9"
    progressive = jpeg(color, progressive=True)
    yield "jpg-cut-progressive.jpg", progressive[: len(progressive) // 2]
    second = progressive.index(b"\xff\xda", progressive.index(b"\xff\xda") + 2)
    yield "jpg-progressive-first-scan.jpg", progressive[:second] + b"\xff\xd9"
    restart = jpeg(color, restart_marker_blocks=2)
    yield "jpg-restart-missing.jpg", restart.replace(b"\xff\xd1", b"", 1)
    yield "jpg-restart-junk.jpg", restart.replace(b"\xff\xd1", b"\x55\xff\xd1", 1)
    yield "jpg-dnl.jpg", joined([(m, b[:1] + b"\0\0" + b[3:] if m == 0xC0 else b) for m, b in found], rest)
    yield "jpg-twelve-bits.jpg", joined([(m, b"\x0c" + b[1:] if m == 0xC0 else b) for m, b in found], rest)
    for marker in (0xC1, 0xC3, 0xC5, 0xC9, 0xCA):
        yield f"jpg-frame-{marker:X}.jpg", joined([(marker if m == 0xC0 else m, b) for m, b in found], rest)
    yield "jpg-two-components.jpg", joined([(m, b[:5] + b"\2" + b[6:12] if m == 0xC0 else b) for m, b in found], rest)
    for i in range(6):
        damaged = bytearray(plain)
        at = len(plain) - len(rest) + 14 + rng.randrange(len(rest) - 20)
        damaged[at] ^= 1 << rng.randrange(8)
        yield f"jpg-flipped-{i}.jpg", bytes(damaged)


# ---------------------------------------------------------------- PNG


def chunk(kind, body, crc=None):
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body) if crc is None else crc)


def packed(samples, bits):
    if bits == 16:
        return struct.pack(">%dH" % len(samples), *samples)
    bits_of_all = Bits()
    for s in samples:
        bits_of_all.put(s, bits)
    pad = -bits_of_all.count % 8
    return (bits_of_all.value << pad).to_bytes((bits_of_all.count + pad) // 8, "big")


def filtered(rows, step, rng):
    """Rows with a filter each, chosen at random."""
    out, above = bytearray(), bytes(len(rows[0]) if rows else 0)
    for row in rows:
        kind = rng.randrange(5)
        out.append(kind)
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            out.append((value - [0, a, b, (a + b) // 2, paeth][kind]) & 255)
        above = row
    return bytes(out)


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(rng, width, height, kind, bits, before=(), after=(), interlaced=False, split=False, palette=None, change=lambda d: d):
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    most = (1 << bits) - 1
    top = min(most, palette - 1) if palette else most
    grid = []
    for y in range(height):
        row = []
        for x in range(width):
            for c in range(samples):
                row.append(max(0, min(top, (x * (c + 2) + y * 3) * most // 150 % (top + 1) ^ rng.randrange(2))))
        grid.append(row)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows = []
        for y in range(y0, height, dy):
            row = [s for x in range(x0, width, dx) for s in grid[y][x * samples : (x + 1) * samples]]
            if row:
                rows.append(packed(row, bits))
        data += filtered(rows, max(1, samples * bits // 8), rng)
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, bits, kind, 0, 0, interlaced))
    if kind == 3 and palette != 0:
        colors = bytes(rng.randrange(256) for _ in range(3 * (palette or 1 << bits)))
        out += chunk(b"PLTE", colors)
    out += b"".join(chunk(*c) for c in before)
    deflated = change(zlib.compress(data))
    if split:
        for i in range(0, len(deflated), 37):
            out += chunk(b"IDAT", deflated[i : i + 37]) + (chunk(b"IDAT", b"") if i == 37 else b"")
    else:
        out += chunk(b"IDAT", deflated)
    return out + b"".join(chunk(*c) for c in after) + chunk(b"IEND", b"")


def png_files(rng):
    kinds = {"gray": (0, (1, 2, 4, 8, 16)), "rgb": (2, (8, 16)), "palette": (3, (1, 2, 4, 8)), "graya": (4, (8, 16)), "rgba": (6, (8, 16))}
    for name, (kind, depths) in kinds.items():
        for bits in depths:
            yield f"png-{name}{bits}.png", png(rng, 29, 23, kind, bits)
            yield f"png-{name}{bits}-interlaced.png", png(rng, 29, 23, kind, bits, interlaced=True)
    for bits, value in ((1, 1), (2, 2), (4, 7), (8, 66), (16, 0x4242)):
        yield f"png-gray{bits}-trns.png", png(rng, 29, 23, 0, bits, [(b"tRNS", struct.pack(">H", value))])
    one = struct.pack(">HHH", 20, 31, 40)
    yield "png-rgb8-trns.png", png(rng, 29, 23, 2, 8, [(b"tRNS", one)])
    yield "png-rgb16-trns.png", png(rng, 29, 23, 2, 16, [(b"tRNS", struct.pack(">HHH", 0, 1, 1))])
    yield "png-palette-trns.png", png(rng, 29, 23, 3, 4, [(b"tRNS", bytes(range(0, 150, 15)))])
    yield "png-palette-trns-one.png", png(rng, 29, 23, 3, 4, [(b"tRNS", b"\xff\xff\0")])
    yield "png-palette-short.png", png(rng, 29, 23, 3, 8, palette=40)
    yield "png-palette-outside.png", png(rng, 29, 23, 3, 4, palette=None).replace(b"PLTE", b"PLTE")
    for size in ((1, 1), (2, 3), (5, 1), (1, 9), (8, 8)):
        yield f"png-interlaced-{size[0]}x{size[1]}.png", png(rng, *size, 2, 8, interlaced=True)
    yield "png-split.png", png(rng, 29, 23, 2, 8, split=True)
    yield "png-profile.png", png(rng, 29, 23, 2, 8, [(b"iCCP", b"x\0\0" + zlib.compress(bytes(99))), (b"gAMA", struct.pack(">L", 100000)), (b"sBIT", b"\5\6\5")])
    yield "png-profile-broken.png", png(rng, 29, 23, 2, 8, [(b"iCCP", b"x\0\0nothing")])
    yield "png-background.png", png(rng, 29, 23, 6, 8, [(b"bKGD", one), (b"pHYs", bytes(9)), (b"tIME", bytes(7))])
    for order in ("II", "MM"):
        for value in (3, 6, 7):
            yield f"png-exif-{order}-{value}.png", png(rng, 29, 23, 2, 8, [(b"eXIf", tiff(order, "H", [value]))])
    yield "png-exif-long.png", png(rng, 29, 23, 6, 8, [(b"eXIf", tiff("MM", "L", [5]))], interlaced=True)
    yield "png-exif-last.png", png(rng, 29, 23, 0, 4, after=[(b"eXIf", tiff("II", "H", [8]))])
    yield "png-xmp.png", png(rng, 29, 23, 2, 8, [(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>')])
    control = struct.pack(">LLLLLHHBB", 0, 29, 23, 0, 0, 1, 10, 0, 0)
    second = struct.pack(">LLLLLHHBB", 1, 29, 23, 0, 0, 1, 10, 0, 0)
    frame = struct.pack(">L", 2) + zlib.compress(bytes((29 * 3 + 1) * 23))
    yield "png-animated.png", png(rng, 29, 23, 2, 8, [(b"acTL", struct.pack(">LL", 2, 0)), (b"fcTL", control)], [(b"fcTL", second), (b"fdAT", frame)])
    control = struct.pack(">LLLLLHHBB", 0, 9, 9, 3, 3, 1, 10, 0, 0)
    frame = struct.pack(">L", 1) + zlib.compress(bytes((9 * 3 + 1) * 9))
    yield "png-animated-default.png", png(rng, 29, 23, 2, 8, [(b"acTL", struct.pack(">LL", 1, 0))], [(b"fcTL", control), (b"fdAT", frame)])
    plain = png(rng, 29, 23, 2, 8)
    yield "png-trailing.png", plain + b"more" * 20
    yield "png-no-end.png", plain[:-12]
    yield "png-cut.png", plain[:-200]
    yield "png-cut-chunk.png", plain[:-18]
    yield "png-header-checksum.png", plain[:29] + b"\0\0\0\0" + plain[33:]
    yield "png-other-checksum.png", png(rng, 29, 23, 2, 8, [(b"tEXt", b"a\0b", 7)])
    yield "png-data-checksum.png", plain[:-16] + b"\0\0\0\0" + plain[-12:]
    yield "png-adler.png", png(rng, 29, 23, 2, 8, change=lambda d: d[:-4] + b"\0\0\0\0")
    yield "png-no-adler.png", png(rng, 29, 23, 2, 8, change=lambda d: d[:-4])
    yield "png-more-data.png", png(rng, 29, 23, 2, 8, change=lambda d: zlib.compress(zlib.decompress(d) + bytes(500)))
    yield "png-less-data.png", png(rng, 29, 23, 2, 8, change=lambda d: zlib.compress(zlib.decompress(d)[:-50]))
    yield "png-filter.png", png(rng, 29, 23, 2, 8, change=lambda d: zlib.compress(b"\7" + zlib.decompress(d)[1:]))
    yield "png-no-palette.png", png(rng, 29, 23, 3, 4, palette=0)
    yield "png-depth.png", plain[:24] + b"\3" + plain[25:29] + struct.pack(">L", zlib.crc32(plain[12:24] + b"\3" + plain[25:29])) + plain[33:]


# ---------------------------------------------------------------- GIF


def gif(image, **options):
    out = io.BytesIO()
    image.save(out, "GIF", **options)
    return out.getvalue()


def placed(file, screen, left, top):
    """The same frame elsewhere on another screen."""
    data = bytearray(file)
    data[6:10] = struct.pack("<HH", *screen)
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 128 else 0)
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    data[at + 1 : at + 5] = struct.pack("<HH", left, top)
    return bytes(data)


def gif_files(rng):
    gray = noise(rng, 37, 25, "L")
    colors = noise(rng, 37, 25).quantize(60)
    few = noise(rng, 37, 25).quantize(4)
    for name, image in (("gray", gray), ("colors", colors), ("few", few), ("black", gray.convert("1"))):
        yield f"gif-{name}.gif", gif(image, interlace=0)
        yield f"gif-{name}-interlaced.gif", gif(image, interlace=1)
        yield f"gif-{name}-transparent.gif", gif(image, transparency=1)
        yield f"gif-{name}-placed.gif", placed(gif(image), (60, 50), 11, 7)
        yield f"gif-{name}-placed-transparent.gif", placed(gif(image, transparency=2), (60, 50), 11, 7)
    yield "gif-beyond.gif", placed(gif(few), (20, 20), 5, 9)
    yield "gif-small-screen.gif", placed(gif(few), (1, 1), 0, 0)
    yield "gif-no-screen.gif", placed(gif(few), (0, 0), 0, 0)
    yield "gif-animated.gif", gif(few, save_all=True, append_images=[colors, few], disposal=2)
    large = noise(rng, 150, 120)
    yield "gif-large.gif", gif(large.quantize(256))
    yield "gif-noise.gif", gif(Image.frombytes("L", (90, 70), bytes(rng.randrange(256) for _ in range(6300))))
    yield "gif-flat.gif", gif(Image.new("L", (400, 300), 7))
    whole = gif(few)
    yield "gif-87.gif", b"GIF87a" + whole[6:]
    yield "gif-88.gif", b"GIF88a" + whole[6:]
    yield "gif-comment.gif", gif(few, comment=b"words " * 100)
    yield "gif-trailing.gif", whole + b"more" * 20
    yield "gif-no-end.gif", whole[:-1]
    yield "gif-cut.gif", whole[:-60]
    yield "gif-cut-ended.gif", whole[:-60] + b"\0;"
    table = 13 + (3 << (whole[10] & 7) + 1)
    yield "gif-no-colors.gif", whole[:10] + bytes([whole[10] & 0x7F]) + whole[11:13] + whole[table:]
    start = whole.index(b",", table)
    local = bytes(rng.randrange(256) for _ in range(24))
    yield "gif-local.gif", whole[: start + 9] + b"\x82" + local + whole[start + 10 :]
    yield "gif-junk.gif", whole[:start] + b"\0\0\x33" + whole[start:]
    for i in range(4):
        damaged = bytearray(whole)
        damaged[start + 20 + rng.randrange(len(whole) - start - 25)] ^= 1 << rng.randrange(8)
        yield f"gif-flipped-{i}.gif", bytes(damaged)


# ---------------------------------------------------------------- BMP


def bmp(width, height, bits, data, header=40, compression=0, colors=(), masks=(), color_count=None, offset=None, sized=4):
    count = len(colors) if color_count is None else color_count
    if header == 12:
        head = struct.pack("<LHHHH", 12, width, height, 1, bits)
    else:
        head = struct.pack("<LllHHLLllLL", header, width, height, 1, bits, compression, len(data), 0, 0, count, 0)
        if header > 40:
            head += struct.pack("<4L", *(tuple(masks) + (0, 0, 0, 0))[:4])[: header - 40]
            head += bytes(header - len(head))
        elif masks:
            head += struct.pack("<3L", *masks[:3])
    table = b"".join(bytes(c[::-1]) + b"\0" * (sized - 3) for c in colors)
    start = 14 + len(head) + len(table) if offset is None else offset
    return b"BM" + struct.pack("<LLL", 14 + len(head) + len(table) + len(data), 0, start) + head + table + data


def bmp_rows(rng, width, height, bits, top=None):
    out = b""
    for _ in range(height):
        if bits <= 8:
            row = packed([rng.randrange(top or 1 << bits) for _ in range(width)], bits)
        else:
            row = bytes(rng.randrange(256) for _ in range(width * bits // 8))
        out += row + bytes(-len(row) % 4)
    return out


def bmp_files(rng):
    def colors(count):
        return [tuple(rng.randrange(256) for _ in range(3)) for _ in range(count)]

    for bits in (1, 4, 8):
        yield f"bmp-{bits}.bmp", bmp(19, 13, bits, bmp_rows(rng, 19, 13, bits), colors=colors(1 << bits))
        yield f"bmp-{bits}-old.bmp", bmp(19, 13, bits, bmp_rows(rng, 19, 13, bits), 12, colors=colors(1 << bits), sized=3)
    yield "bmp-gray.bmp", bmp(19, 13, 8, bmp_rows(rng, 19, 13, 8), colors=[(i, i, i) for i in range(256)])
    yield "bmp-black.bmp", bmp(19, 13, 1, bmp_rows(rng, 19, 13, 1), colors=[(0, 0, 0), (255, 255, 255)])
    yield "bmp-8-few.bmp", bmp(19, 13, 8, bmp_rows(rng, 19, 13, 8, 17), colors=colors(17))
    yield "bmp-8-no-count.bmp", bmp(19, 13, 8, bmp_rows(rng, 19, 13, 8), colors=colors(256), color_count=0)
    yield "bmp-8-offset.bmp", bmp(19, 13, 8, bmp_rows(rng, 19, 13, 8), colors=colors(256), offset=54)
    yield "bmp-8-outside.bmp", bmp(19, 13, 8, bmp_rows(rng, 19, 13, 8), colors=colors(100))
    for bits in (16, 24, 32):
        yield f"bmp-{bits}.bmp", bmp(19, 13, bits, bmp_rows(rng, 19, 13, bits))
        yield f"bmp-{bits}-top.bmp", bmp(19, -13, bits, bmp_rows(rng, 19, 13, bits))
    yield "bmp-24-old.bmp", bmp(19, 13, 24, bmp_rows(rng, 19, 13, 24), 12)
    yield "bmp-16-565.bmp", bmp(19, 13, 16, bmp_rows(rng, 19, 13, 16), 40, 3, masks=(0xF800, 0x7E0, 0x1F))
    yield "bmp-16-555.bmp", bmp(19, 13, 16, bmp_rows(rng, 19, 13, 16), 56, 3, masks=(0x7C00, 0x3E0, 0x1F))
    for i, masks in enumerate([(0xFF0000, 0xFF00, 0xFF, 0), (0xFF000000, 0xFF0000, 0xFF00, 0), (0xFF000000, 0xFF0000, 0xFF00, 0xFF), (0xFF, 0xFF00, 0xFF0000, 0xFF000000), (0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0, 0, 0, 0), (0x3FF, 0xFFC00, 0x3FF00000, 0)]):
        for header in (56, 108, 124):
            yield f"bmp-32-masks{i}-{header}.bmp", bmp(19, 13, 32, bmp_rows(rng, 19, 13, 32), header, 3, masks=masks)
    yield "bmp-32-masks-behind.bmp", bmp(19, 13, 32, bmp_rows(rng, 19, 13, 32), 40, 3, masks=(0xFF0000, 0xFF00, 0xFF))
    yield "bmp-32-v5-plain.bmp", bmp(19, 13, 32, bmp_rows(rng, 19, 13, 32), 124, 0, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000))

    def runs(halves, odd):
        out = b""
        for y in range(13):
            out += bytes([7, rng.randrange(256)])
            count = 5 if odd else 8 if halves else 6
            body = bytes(rng.randrange(256) for _ in range((count + 1) // 2 if halves else count))
            out += bytes([0, count]) + body + bytes(-len(body) % 2)
            if y % 3 == 0:
                out += bytes([19 - 7 - count, rng.randrange(256)])
            out += b"\0\0"
        return out + b"\0\1"

    yield "bmp-rle8.bmp", bmp(19, 13, 8, runs(False, False), 40, 1, colors(256))
    yield "bmp-rle8-odd.bmp", bmp(19, 13, 8, runs(False, True), 40, 1, colors(256))
    yield "bmp-rle4.bmp", bmp(19, 13, 4, runs(True, False), 40, 2, colors(16))
    yield "bmp-rle4-odd.bmp", bmp(19, 13, 4, runs(True, True), 40, 2, colors(16))
    jump = b"".join(bytes([4, 9, 0, 2, 3, 0, 12, y]) + b"\0\0" for y in range(13))
    yield "bmp-rle8-jump.bmp", bmp(19, 13, 8, jump + b"\0\1", 40, 1, colors(256))
    yield "bmp-rle8-up.bmp", bmp(19, 13, 8, b"\5\7\0\2\3\2\13\3\0\0" + jump[:100] + b"\0\1", 40, 1, colors(256))
    yield "bmp-rle8-empty-row.bmp", bmp(19, 13, 8, b"\0\0" + jump[:-10] + b"\0\0\0\1", 40, 1, colors(256))
    yield "bmp-rle8-cut.bmp", bmp(19, 13, 8, jump[:50], 40, 1, colors(256))
    yield "bmp-rle8-ends.bmp", bmp(19, 13, 8, jump[:50] + b"\0\1", 40, 1, colors(256))
    whole = bmp(19, 13, 24, bmp_rows(rng, 19, 13, 24))
    yield "bmp-trailing.bmp", whole + b"more"
    yield "bmp-cut.bmp", whole[:-100]
    yield "bmp-2.bmp", bmp(19, 13, 2, bmp_rows(rng, 19, 13, 2), colors=colors(4))
    yield "bmp-jpeg.bmp", bmp(19, 13, 0, jpeg(noise(rng, 19, 13)), 40, 4)
    yield "bmp-header.bmp", bmp(19, 13, 24, bmp_rows(rng, 19, 13, 24), 44)
    yield "bmp-negative.bmp", bmp(-19, 13, 24, bmp_rows(rng, 19, 13, 24))


def other_files(rng):
    color = noise(rng, 20, 20)
    for name, kind in (("webp", "WEBP"), ("tif", "TIFF"), ("avif", "AVIF")):
        out = io.BytesIO()
        try:
            color.save(out, kind)
        except Exception:
            continue  # this Pillow cannot
        yield f"other.{name}", out.getvalue()
    yield "empty.png", b""
    yield "text.jpg", b"no picture"
    yield "bomb.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">LLBBBBB", 65000, 65000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    progressive = jpeg(Image.new("L", (800, 800)), progressive=True)
    header = progressive.index(b"\xff\xda", progressive.index(b"\xff\xda") + 2)
    tables = progressive.rindex(b"\xff\xc4", 0, header)
    end = progressive.index(b"\xff\xda", header + 2)
    yield "scans.jpg", progressive[:-2] + progressive[tables:end] * 3000 + b"\xff\xd9"


# ---------------------------------------------------------------- comparison


def reference(path):
    """RGB as a user of Pillow gets it: turned as the metadata say, what is transparent on white."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(path)
        image.load()
        image = ImageOps.exif_transpose(image)
        if image.mode == "I;16":
            return image.point(lambda v: v / 256).convert("L").convert("RGB") if "transparency" not in image.info else sixteen(image)
        if "transparency" in image.info or "A" in image.mode:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            white.paste(image, (0, 0), image)
            return white.convert("RGB")
        return image.convert("RGB")


def sixteen(image):
    clear = image.info["transparency"]
    values = struct.unpack("<%dH" % (image.width * image.height), image.tobytes())
    data = bytes(255 if v == clear else v >> 8 for v in values)
    return Image.frombytes("L", image.size, data).convert("RGB")


def compare(name, path, pixels, refusal):
    """What becomes of a file, and a remark."""
    try:
        expected = reference(path)
    except Exception as e:
        expected, reason = None, f"{type(e).__name__}: {e}"
    if not refusal:
        actual = Image.open(pixels).convert("RGB")
    if refusal:
        if expected is None:
            return "refused by both", "", None
        kind = next((k for k, parts in REFUSED_KINDS.items() if any(p in refusal for p in parts)), None)
        return (f"refused: {kind}" if kind else "REFUSED"), refusal, expected
    if expected is None:
        return "read, refused by Pillow", reason, None
    if actual.size != expected.size:
        return "DIFFERENT", f"{actual.size}, Pillow {expected.size}", expected
    if actual.tobytes() == expected.tobytes():
        return "equal", "", expected
    if name in PILLOW_DEPARTS:
        return "Pillow departs from the format", PILLOW_DEPARTS[name], None
    differences = [abs(a - b) for a, b in zip(actual.tobytes(), expected.tobytes())]
    return "DIFFERENT", f"up to {max(differences)}, {sum(d > 0 for d in differences)} of {len(differences)}", expected


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", required=True, help="class path of the Java decoder and org.xlstm4j.bench")
    parser.add_argument("--java", default="java")
    parser.add_argument("--out", required=True, help="folder for files and pixels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder for a choice of files and expected.tsv")
    options = parser.parse_args()
    out = pathlib.Path(options.out)
    shutil.rmtree(out, ignore_errors=True)
    (out / "files").mkdir(parents=True)
    for maker in (jpeg_files, png_files, gif_files, bmp_files, other_files):
        for name, data in maker(random.Random(options.seed)):
            (out / "files" / name).write_bytes(data)
    command = [options.java, "-cp", options.classes, "org.xlstm4j.bench.pictures.DecodePictures", str(out / "files"), str(out / "pixels")]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    counts, kept = collections.Counter(), []
    for line in lines:
        name, milliseconds, refusal = line.split("\t")
        path = out / "files" / name
        outcome, remark, expected = compare(name, path, out / "pixels" / (name + ".ppm"), refusal)
        counts[name.partition("-")[0].partition(".")[0], outcome] += 1
        if outcome != "equal":
            print(f"{name:36} {outcome:40} {remark}")
        if outcome == "equal":
            kept.append((name, expected.width, expected.height, zlib.crc32(expected.tobytes())))
        elif refusal and outcome.startswith("refused"):
            kept.append((name, 0, 0, 0))
    print(f"\n{len(lines)} files")
    for (group, outcome), count in sorted(counts.items()):
        print(f"{group:8} {outcome:64} {count:4}")
    if options.keep:
        folder = pathlib.Path(options.keep)
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "expected.tsv", "w") as table:
            for row in kept:
                if row[0].partition(".")[0] in KEPT:
                    shutil.copy(out / "files" / row[0], folder)
                    table.write("\t".join(map(str, row)) + "\n")
    if any(outcome.isupper() for _, outcome in counts):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
