extension Drawing {
  /// Pictures side by side, each enlarged by a whole number where it is smaller than its place.
  mutating func layOut(_ grid: PictureGrid, below top: Double) {
    guard !grid.pictures.isEmpty else {
      add("no pictures", at: Point(16, top + 16))
      height = top + 36
      return
    }
    let (margin, gap) = (16.0, 8.0)
    let columns = Double(grid.drawnColumns)
    let hasCaptions = (0..<grid.pictures.count).contains { !grid.caption($0).isEmpty }
    // Few pictures do not become posters.
    let place = max(min((width - 2 * margin - gap * (columns - 1)) / columns, 112), 4)
    let widest = Double(grid.pictures.map(\.width).max() ?? 1)
    let highest = Double(grid.pictures.map(\.height).max() ?? 1)
    let fitting = min(place / widest, place / highest)
    let factor = fitting >= 1 ? fitting.rounded(.down) : fitting
    let rowHeight = highest * factor + gap + (hasCaptions ? 18 : 0)
    for (index, picture) in grid.pictures.enumerated() {
      let x = margin + Double(index % grid.drawnColumns) * (place + gap)
      let y = top + Double(index / grid.drawnColumns) * rowHeight
      let (wide, high) = (max(Double(picture.width) * factor, 1), max(Double(picture.height) * factor, 1))
      marks.append(
        .picture(picture.reduced(toWidth: wide, height: high), x: x, y: y, width: wide, height: high))
      add(grid.caption(index).cut(to: place + gap - 4), at: Point(x, y + highest * factor + 14), ink: .text)
    }
    height = top + Double(grid.drawnRows) * rowHeight + 8
    width = min(width, max(2 * margin + columns * (place + gap) - gap, min(width, titleWidth)))
  }

  /// Points as the eye sees them: near ones larger and stronger, far ones fainter.
  mutating func layOut(_ cloud: PointCloud, below top: Double) {
    let seen = cloud.seen(atMost: 6_000)
    guard !seen.isEmpty else { return sayNothingToDraw(below: top) }
    let finite = cloud.points.count { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
    let start = addNote(seen.count < finite ? "\(seen.count) of \(finite) points are drawn" : nil, below: top)
    width = min(width, 640)
    height = (width * 0.75).rounded()
    let half = PointCloud.scale(of: seen, width: width - 40, height: height - start - 32)
    let middle = Point(width / 2, start + (height - start) / 2 - 4)
    let radius = seen.count <= 300 ? 4 : seen.count <= 1_500 ? 3 : 2.0
    // From the back to the front in a few steps: one mark a step and a class.
    let steps = 8
    for step in 0..<steps {
      let layer = seen.filter { min(Int($0.nearness * Double(steps)), steps - 1) == step }
      let nearness = Double(step) / Double(steps - 1)
      for label in Set(layer.map(\.label)).sorted() {
        let places = layer.filter { $0.label == label }
          .map { Point(middle.x + $0.across * half, middle.y - $0.up * half) }
        marks.append(
          .symbols(
            .dot, places, radius: radius * (0.75 + 0.5 * nearness), ink: .series(label),
            opacity: 0.2 + 0.75 * nearness))
      }
    }
  }

  private var titleWidth: Double {
    guard case .text(let text, _, _, .title, _)? = marks.first else { return 0 }
    return Self.width(of: text) * 1.25 + 32
  }
}

extension Raster {
  /// The picture with at most so many pixels, each the mean of those under it.
  func reduced(toWidth wide: Double, height high: Double) -> Raster {
    guard wide < Double(width) || high < Double(height),
      let columns = Int(exactly: max(wide.rounded(), 1)), let rows = Int(exactly: max(high.rounded(), 1))
    else { return self }
    var reduced = Raster(width: columns, height: rows, filledWith: RGB(0, 0, 0))
    for y in 0..<reduced.height {
      for x in 0..<reduced.width {
        reduced[x, y] = mean(
          left: Double(x) / Double(columns), top: Double(y) / Double(rows), right: Double(x + 1) / Double(columns),
          bottom: Double(y + 1) / Double(rows))
      }
    }
    return reduced
  }
}
