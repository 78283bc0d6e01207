import ThalwegKernels
import ThalwegStability
import ThalwegTraining

extension TrajectoryReport {
  /// Draws the report into a folder: `report`, `region` and `spectrum`, each as .svg and .png, with
  /// eigenvalues.csv and region.csv beside them.
  ///
  /// - Returns: the paths of the pictures.
  /// - Errors: ``PictureError`` where gnuplot is missing or fails, and ``FileError``.
  @discardableResult
  public func writePictures(to folder: String) throws -> [String] {
    try makeFolder(folder)
    let values = points.flatMap { $0.spectrum.settled.map { $0 * Complex(step) } }
    let window = RegionWindow(region, around: values)
    let stripes = window.stripes
    try stripes.write(to: "\(folder)/region.csv")
    try region.table(of: points.map { ($0.time, $0.spectrum, step) }, along: "time")
      .write(to: "\(folder)/eigenvalues.csv")
    let panels = [
      (
        "region",
        Panel.region(
          window, title: "\(name): hλ over the region of \(region.name)", stripes: "region.csv",
          values: "eigenvalues.csv", hasStripes: !stripes.isEmpty)
      ),
      (
        "spectrum",
        Panel.spectrum(
          title: "\(name): hλ along the solution", axis: "time", values: "eigenvalues.csv",
          region: region)
      ),
    ]
    return try Gnuplot().draw(panels, page: "report", into: folder)
  }
}
