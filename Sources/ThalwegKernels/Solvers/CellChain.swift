import CThalwegKernels

/// The cells of a chain, each of which has some components and knows its neighbours up to a distance.
struct CellChain: BitwiseCopyable {
  var cells: Int
  /// The unknowns of a cell.
  var components: Int
  /// The distance of the farthest neighbours, in cells.
  var reach: Int

  /// The diagonals of the matrix on either side.
  var width: Int { Int(tw_band_width(Int64(components), Int64(reach))) }
  /// The elements of the matrix and of its factors.
  var matrix: Int { cells * components * Int(tw_band_stride(Int64(width))) }
  /// The elements of a vector that is substituted into.
  var room: Int { Int(tw_band_room(Int64(cells * components), Int64(width))) }
  /// Cells so far apart have no common neighbour.
  var period: Int { 2 * reach + 1 }
}
