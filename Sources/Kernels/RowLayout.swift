import CKernels

/// Between the two layouts of activations: [samples, channels, positions], where a channel is a plane, and rows
/// [samples * positions, width], where a position is a row of channels.
///
/// The width is `ChannelsLast.width(channels)`, or `channels` itself for an input whose rows are not padded.
public enum RowLayout {
  /// Rows from planes; the channels beyond the true ones become zero.
  public static func rows(
    samples: Int, channels: Int, positions: Int, width: Int, fromPlanes planes: UnsafePointer<Float>,
    into rows: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.planes_to_rows
    forEachBlock(samples, channels, positions, width) { sample, layout in
      var layout = layout
      kernel?(&layout, planes + sample * channels * positions, rows + sample * positions * width)
    }
  }

  /// Planes from rows.
  public static func planes(
    samples: Int, channels: Int, positions: Int, width: Int, fromRows rows: UnsafePointer<Float>,
    into planes: UnsafeMutablePointer<Float>, level: KernelLevel = .preferred
  ) {
    let kernel = level.functions.pointee.rows_to_planes
    forEachBlock(samples, channels, positions, width) { sample, layout in
      var layout = layout
      kernel?(&layout, rows + sample * positions * width, planes + sample * channels * positions)
    }
  }

  private static func forEachBlock(
    _ samples: Int, _ channels: Int, _ positions: Int, _ width: Int, _ body: (Int, kernel_layout) -> Void
  ) {
    RowBlocks(sets: samples, units: positions, unitFloats: width).forEach { sample, _, block in
      body(
        sample,
        kernel_layout(
          channels: channels, positions: positions, width: width, first: block.lowerBound, count: block.count))
    }
  }
}
