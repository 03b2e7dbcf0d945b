/// What is known of a published data set of clouds in HDF5 files.
struct HDF5Release: Sendable {
  let release: CloudRelease
  /// Base names of the lists of the files with clouds to train on: those of the first list, then those of the next.
  let trainLists: [String]
  let testList: String
  /// One class a line, its name first; published names take its place where it is missing.
  let namesFile: String
  let classNames: [String]
  /// MD5 of each published file by its base name.
  let md5: [String: String]

  /// `modelnet40_ply_hdf5_2048`: 2,048 points of each mesh by area (Qi et al. 2017), three short of the meshes.
  static let modelNet40 = HDF5Release(
    release: CloudRelease(name: "ModelNet40 (HDF5)", trainCount: 9840, testCount: 2468),
    trainLists: ["train_files.txt"], testList: "test_files.txt",
    namesFile: "shape_names.txt", classNames: CloudNames.modelNet40,
    md5: [
      "ply_data_train0.h5": "3176385ffc31a7b6b5af22191fd920d1",
      "ply_data_train1.h5": "e3f613fb500559403b34925112754dc4",
      "ply_data_train2.h5": "0c56e233a090ff87c3049d4ce08e7d8b",
      "ply_data_train3.h5": "9d2af465adfa33a3285c369f3ca66c45",
      "ply_data_train4.h5": "dff38de489b2c41bfaeded86c2208984",
      "ply_data_test0.h5": "e9732e6d83b09e79e9a7617df058adee",
      "ply_data_test1.h5": "aba4b12a67c34391cc3c015a6f08ed4b",
    ])

  /// `hdf5_data` of ShapeNetPart: 2,048 points of each shape; training and validation shapes are the training set.
  static let shapeNetPart = HDF5Release(
    release: CloudRelease(
      name: "ShapeNetPart (HDF5)", trainCount: ShapeNet.part.trainCount, testCount: ShapeNet.part.testCount),
    trainLists: ["train_hdf5_file_list.txt", "val_hdf5_file_list.txt"], testList: "test_hdf5_file_list.txt",
    namesFile: "all_object_categories.txt", classNames: CloudNames.shapeNetPart,
    md5: [
      "ply_data_train0.h5": "e7152ff588ae6c87eb1156823df05855",
      "ply_data_train1.h5": "b4894a082211418b61b5a707fedb4f56",
      "ply_data_train2.h5": "508eeeee96053b90388520c37df3a8b8",
      "ply_data_train3.h5": "88574c3d5c61d0f3156b9e02cd6cda03",
      "ply_data_train4.h5": "418cb01104740bf1353b792331cb5878",
      "ply_data_train5.h5": "26e65c8827b08f7c340cd03f902e27e8",
      "ply_data_val0.h5": "628b4b3cbc17765de2114d104e51b9c9",
      "ply_data_test0.h5": "fa3fb32b179128ede32c2c948ed83efc",
      "ply_data_test1.h5": "5eb63ae378831c665282c8f22b6c1249",
    ])
}
