"""Writes some pictures of CIFAR-10 (binary version) as PNG files, one folder a class: a stand-in for pictures of one's own.

usage: cifar-pictures.py CIFAR_FOLDER TARGET [PICTURES_OF_A_CLASS]
"""
import pathlib
import struct
import sys
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(planes, side=32):
    """A PNG (ISO/IEC 15948) from the planes red, green and blue, one after the other."""
    area = side * side
    rows = b"".join(
        b"\0" + bytes(planes[colour * area + row * side + column] for column in range(side) for colour in range(3))
        for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    names = (source / "batches.meta.txt").read_text().split()
    records = (source / "data_batch_1.bin").read_bytes()
    counts = [0] * len(names)
    for start in range(0, len(records), 3073):
        label = records[start]
        if counts[label] == wanted:
            continue
        folder = target / names[label]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{counts[label]:04}.png").write_bytes(png(records[start + 1:start + 3073]))
        counts[label] += 1


if __name__ == "__main__":
    main()
