import Files

extension PointDataset: CachedClouds {
  public var sets: [PointSet] { [train, test] }

  public var details: JSON { provenance.json }

  public init?(sets: [PointSet], details: JSON) {
    guard sets.count == 2, let provenance = Provenance(details) else { return nil }
    self.init(train: sets[0], test: sets[1], provenance: provenance)
  }
}

extension CloudFolder.Contents: CachedClouds {
  public var sets: [PointSet] { [clouds] }

  public var details: JSON {
    .object([
      .init("paths", .array(paths.map(JSON.string))), .init("notes", .array(notes.map(JSON.string))),
      .init("provenance", provenance.json),
    ])
  }

  public init?(sets: [PointSet], details: JSON) {
    guard sets.count == 1, let paths = details["paths"]?.strings, let notes = details["notes"]?.strings,
      let provenance = details["provenance"].flatMap(Provenance.init)
    else { return nil }
    self.init(clouds: sets[0], paths: paths, notes: notes, provenance: provenance)
  }
}

extension Provenance {
  /// `{ "source", "official", "files": [{ "name", "length", "sha256" }, …], "train", "test", "note" }`
  var json: JSON {
    .object([
      .init("source", .string(source)), .init("official", .boolean(official)),
      .init(
        "files",
        .array(
          files.map { file in
            .object([
              .init("name", .string(file.name)), .init("length", .integer(file.length)),
              .init("sha256", .string(file.sha256)),
            ])
          })),
      .init("train", .integer(counts.train)), .init("test", .integer(counts.test)), .init("note", .string(note)),
    ])
  }

  /// Nil where a member is missing or of another kind.
  init?(_ json: JSON) {
    guard case .string(let source)? = json["source"], case .boolean(let official)? = json["official"],
      case .array(let files)? = json["files"], case .integer(let train)? = json["train"],
      case .integer(let test)? = json["test"], case .string(let note)? = json["note"]
    else { return nil }
    let entries = files.compactMap { file -> File? in
      guard case .string(let name)? = file["name"], case .integer(let length)? = file["length"],
        case .string(let sha256)? = file["sha256"]
      else { return nil }
      return File(name: name, length: length, sha256: sha256)
    }
    guard entries.count == files.count else { return nil }
    self.init(source: source, official: official, files: entries, counts: (train, test), note: note)
  }
}
