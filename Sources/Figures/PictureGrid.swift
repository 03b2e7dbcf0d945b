/// Pictures in rows and columns, each with an optional caption.
public struct PictureGrid: Sendable, Equatable {
  public var pictures: [Raster]
  /// One a picture, in their order; may be shorter.
  public var captions: [String]
  public var columns: Int

  public init(pictures: [Raster], captions: [String] = [], columns: Int = 8) {
    self.pictures = pictures
    self.captions = captions
    self.columns = columns
  }

  /// The columns that are drawn: at least one, and no more than there are pictures.
  var drawnColumns: Int { max(1, min(columns, pictures.count)) }
  var drawnRows: Int { (pictures.count + drawnColumns - 1) / drawnColumns }

  /// The caption of a picture, empty if it has none.
  func caption(_ index: Int) -> String { captions.indices.contains(index) ? captions[index] : "" }
}
