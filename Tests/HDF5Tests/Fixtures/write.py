#!/usr/bin/env python3
"""Writes the HDF5 files beside it with h5py, an independent writer: python3 write.py"""
import pathlib
import h5py
import numpy as np

here = pathlib.Path(__file__).parent


def file(name, **options):
    return h5py.File(here / (name + ".h5"), "w", **options)


# As the published files of clouds are made: gzip-4 and gzip-1, with datasets that nobody asks for.
with file("clouds") as f:
    data = np.arange(2 * 5 * 3, dtype="<f4").reshape(2, 5, 3) / 8
    f.create_dataset("data", data=data, compression="gzip", compression_opts=4)
    f.create_dataset("normal", data=-data, compression="gzip", compression_opts=4)
    f.create_dataset("faceId", data=np.zeros((2, 5), "<i4"), compression="gzip", compression_opts=4)
    f.create_dataset("label", data=np.array([[30], [8]], "u1"), compression="gzip", compression_opts=1)

# Every type in both byte orders, with all filters, contiguous and compact.
with file("types", libver="latest") as f:
    for code in ["f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]:
        for order in "<>":
            signed = code[0] != "u"
            values = np.array([-2 if signed else 2, 100], order + code)
            f.create_dataset(("little_" if order == "<" else "big_") + code, data=values)
    f.create_dataset("packed", data=np.arange(100, dtype="<i4").reshape(10, 10), chunks=(3, 4), compression="gzip",
                     shuffle=True, fletcher32=True)
    f.create_dataset("empty", shape=(0, 3), dtype="<f4")

# What must be refused.
with file("hostile", libver="latest") as f:
    f.create_dataset("data", data=np.zeros(2, "<f4"))
    f["soft"] = h5py.SoftLink("/data")
    f["external"] = h5py.ExternalLink("/etc/passwd", "/data")
    f.create_group("group")
    f.create_dataset("text", data=np.array([b"ab", b"cd"]))
    f.create_dataset("half", data=np.zeros(2, "<f2"))
    f.create_dataset("complex", data=np.zeros(2, "<c8"))
    f.create_dataset("record", data=np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
    f.create_dataset("scalar", data=np.float32(1))
    f.create_dataset("five", data=np.zeros((1, 1, 1, 1, 1), "<f4"))
    f.create_dataset("bomb", shape=(1 << 40,), dtype="<f8", chunks=(1 << 20,), compression="gzip")
    f.create_dataset("overflow", shape=(1 << 31, 1 << 31, 4), dtype="<f8", chunks=(1, 1, 4))
    f.create_dataset("lzf", data=np.zeros(64, "<f4"), chunks=(64,), compression="lzf")
    f.create_dataset("chunk", shape=(1 << 29,), dtype="u1", chunks=(1 << 29,))
    f.create_dataset("outside", shape=(16,), dtype="u1", external=[("/etc/hostname", 0, 16)])
    layout = h5py.VirtualLayout(shape=(2,), dtype="<f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "data", shape=(2,))
    f.create_virtual_dataset("virtual", layout)
