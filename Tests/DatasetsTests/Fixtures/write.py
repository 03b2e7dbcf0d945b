#!/usr/bin/env python3
"""Writes the fixtures beside it with h5py, NumPy and pickle, independent writers: python3 write.py

The lists of files (*.txt) are written by hand, with paths as other people's machines leave them."""
import pathlib
import pickle
import h5py
import numpy as np

here = pathlib.Path(__file__).parent


def clouds(path, count, first, points=6, **more):
    """`count` clouds whose coordinates count up from `first` in eighths."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as f:
        data = (np.arange(count * points * 3, dtype="<f4") / 8 + first).reshape(count, points, 3)
        f.create_dataset("data", data=data, compression="gzip", compression_opts=4)
        labels = more.pop("labels")
        f.create_dataset("label", data=np.array(labels, "u1").reshape(-1, 1), compression="gzip", compression_opts=1)
        for name, array in more.items():
            f.create_dataset(name, data=array, compression="gzip")


net = here / "modelnet40_ply_hdf5_2048"
clouds(net / "ply_data_train0.h5", 3, 0, labels=[30, 0, 39])
clouds(net / "ply_data_train1.h5", 1, 100, labels=[8])
clouds(net / "ply_data_test0.h5", 2, -50, labels=[1, 23])
part = here / "hdf5_data"
clouds(part / "ply_data_train0.h5", 2, 0, labels=[15, 0], pid=np.zeros((2, 6), "u1"))
clouds(part / "ply_data_val0.h5", 1, 7, labels=[4], pid=np.zeros((1, 6), "u1"))
clouds(part / "ply_data_test0.h5", 1, 9, labels=[3], pid=np.zeros((1, 6), "u1"))


class Python2(pickle._Pickler):
    """Writes as Python 2 does: texts as SHORT_BINSTRING and BINSTRING."""
    dispatch = dict(pickle._Pickler.dispatch)

    def save_text(self, text):
        raw = text.encode("latin1") if isinstance(text, str) else bytes(text)
        self.write(b"U" + bytes([len(raw)]) + raw if len(raw) < 256 else b"T" + len(raw).to_bytes(4, "little") + raw)
        self.memoize(text)

    dispatch[str] = save_text
    dispatch[bytes] = save_text


def pixels(count):
    """Rows that begin with their number and go on with 1, 2, 3, … modulo 256."""
    rows = np.tile(np.arange(3072) % 256, (count, 1)).astype("u1")
    rows[:, 0] = np.arange(count)
    return rows


def ten(labels):
    return {"batch_label": "training batch 1 of 5", "labels": labels, "data": pixels(len(labels)),
            "filenames": [f"image_{index}.png" for index in range(len(labels))]}


def hundred(fine, coarse):
    return {"filenames": [f"image_{index}.png" for index in range(len(fine))], "batch_label": "training batch 1 of 1",
            "fine_labels": fine, "coarse_labels": coarse, "data": pixels(len(fine))}


def dump(name, value, protocol):
    with open(here / name, "wb") as f:
        if protocol == 2:
            Python2(f, 2).dump(value)
        else:
            pickle.dump(value, f, protocol)


for protocol in [2, 3, 4, 5]:
    dump(f"ten.protocol{protocol}.pickle", ten([9, 0]), protocol)
dump("hundred.pickle", hundred([99, 42], [19, 3]), 2)
dump("names.pickle",
     {"num_cases_per_batch": 10000, "label_names": [f"class{k}" for k in range(10)], "num_vis": 3072}, 2)
# What Python 3 makes of bytes in protocol 2 calls a function, codecs.encode.
with open(here / "codecs.pickle", "wb") as f:
    pickle.dump({"data": b"\xff"}, f, 2)
# What a trap would be.
with open(here / "system.pickle", "wb") as f:
    f.write(b"\x80\x02cposix\nsystem\nU\x04true\x85R.")
# Clouds of the right form with one thing wrong.
for name, data, labels in [
    ("label", np.zeros((2, 6, 3), "<f4"), np.array([[3], [40]], "u1")),
    ("nan", np.array([0] * 20 + [np.nan] + [0] * 15, "<f4").reshape(2, 6, 3), np.zeros((2, 1), "u1")),
    ("shape", np.zeros((2, 6, 2), "<f4"), np.zeros((2, 1), "u1")),
    ("count", np.zeros((2, 6, 3), "<f4"), np.zeros((3, 1), "u1")),
    ("whole", np.zeros((2, 6, 3), "<i4"), np.zeros((2, 1), "u1")),
    ("missing", np.zeros((2, 6, 3), "<f4"), None),
]:
    (here / "damaged").mkdir(exist_ok=True)
    with h5py.File(here / "damaged" / (name + ".h5"), "w", libver="latest") as f:
        f.create_dataset("data", data=data)
        if labels is not None:
            f.create_dataset("label", data=labels)
