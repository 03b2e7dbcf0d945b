@testable import Datasets

/// A tiny ModelNet of two classes, one of which holds '_', with what macOS adds to archives.
func modelNetTree() -> [(name: String, bytes: [UInt8])] {
  [
    ("ModelNet10/README.txt", bytes("read me")),
    ("ModelNet10/.DS_Store", [0, 1]),
    ("ModelNet10/chair/train/chair_0001.off", square(2)),
    ("ModelNet10/chair/train/chair_0002.off", square(3, head: "OFF")),
    ("ModelNet10/chair/test/chair_0890.off", square(1)),
    ("ModelNet10/night_stand/train/night_stand_0001.off", square(5)),
    ("__MACOSX/ModelNet10/chair/train/._chair_0001.off", [0, 5, 22, 7]),
  ]
}

/// A tiny `modelnet40_normal_resampled`; one listed cloud is not there.
func resampledTree() -> [(name: String, bytes: [UInt8])] {
  func cloud(_ first: Int) -> [UInt8] {
    bytes((0..<5).map { "\(first + $0).000000,\($0 * $0).5,0.25,0.0,0.0,1.0\n" }.joined())
  }
  return [
    ("modelnet40_shape_names.txt", bytes("airplane\nnight_stand")),
    ("modelnet40_train.txt", bytes("airplane_0001\r\nnight_stand_0001\nairplane_0002\n")),
    ("modelnet40_test.txt", bytes("night_stand_0201\n")),
    ("modelnet10_shape_names.txt", bytes("night_stand\n")),
    ("modelnet10_train.txt", bytes("night_stand_0001\n")),
    ("modelnet10_test.txt", bytes("night_stand_0201\n")),
    ("airplane/airplane_0001.txt", cloud(1)),
    ("night_stand/night_stand_0001.txt", cloud(2)),
    ("night_stand/night_stand_0201.txt", cloud(3)),
  ]
}

/// A tiny ShapeNetPart with `points` folders, or with the seven columns of `_v0_normal`.
func shapeNetTree(normals: Bool = false) -> [(name: String, bytes: [UInt8])] {
  func shape(_ synset: String, _ id: String) -> (name: String, bytes: [UInt8]) {
    let rows = (0..<4).map { "\($0) \($0 * $0) 0.5" + (normals ? " 0 0 1 45.000000" : "") + "\n" }.joined()
    return (normals ? "\(synset)/\(id).txt" : "\(synset)/points/\(id).pts", bytes(rows))
  }
  return [
    ("synsetoffset2category.txt", bytes("Airplane\t02691156\nBag\t02773838\n")),
    ("train_test_split/shuffled_train_file_list.json",
     bytes("[\"shape_data/02691156/a1\", \"shape_data/02773838/b1\"]")),
    ("train_test_split/shuffled_val_file_list.json", bytes("[\"shape_data/02691156/a2\"]")),
    ("train_test_split/shuffled_test_file_list.json", bytes("[\"shape_data/02773838/b2\"]")),
    shape("02691156", "a1"), shape("02691156", "a2"), shape("02773838", "b1"), shape("02773838", "b2"),
  ]
}
