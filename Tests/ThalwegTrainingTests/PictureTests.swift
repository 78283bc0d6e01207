import Foundation
import Testing
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// Files as another program writes them, in base 64.
enum ImageFiles {
  static let colours = bytes(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAGElEQVR4nGP4z8DAAMGMTMwaRjb//v4BADXfBpGJ"
      + "4nkaAAAAAElFTkSuQmCC")
  static let wideGrey = bytes(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAEklEQVR4nGNgYPj/nyElhZ0dAA/OAtWM/BjLAAAA"
      + "AElFTkSuQmCC")
  static let grey = bytes(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNgaPjPxH72JAAKgwMfbnj71QAAAABJ"
      + "RU5ErkJggg==")
  static let transparent = bytes(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAYAAAAb4BS0AAAAFUlEQVR4nGP4z8Dwn+E/AwMDA0MDABxxA36AlMSB"
      + "AAAAAElFTkSuQmCC")
  static let palette = bytes(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAMAAABvWnspAAAAElBMVEX+/fwA/wAoMjwBAgP/AAAAAP/4NsqQAAAA"
      + "DklEQVR4nGN05GcwYgAAAfEAhLB+fWEAAAAASUVORK5CYII=")
  static let greyJPEG = bytes(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG"
      + "NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABP/EABcQAAMB"
      + "AAAAAAAAAAAAAAAAAAAGQ4H/2gAIAQEAAD8AChTw/9k=")
  static let colourJPEG = bytes(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4R"
      + "DgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
      + "FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA"
      + "AAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABwj/xAAUEQEAAAAAAAAAAAAAAAAA"
      + "AAAA/9oADAMBAAIRAxEAPwCQAHqQf//Z")

  private static func bytes(_ text: String) -> [UInt8] {
    Data(base64Encoded: text).map { [UInt8]($0) } ?? []
  }
}

@Suite struct PictureTests {
  private func picture(_ bytes: [UInt8]) throws -> Picture {
    let folder = try TemporaryFolder()
    return try Picture(contentsOf: folder.write(bytes, to: "picture"))
  }

  private static let coloursByChannel: [UInt8] = [
    255, 0, 0, 1, 40, 254, 0, 255, 0, 2, 50, 253, 0, 0, 255, 3, 60, 252,
  ]

  @Test(arguments: [ImageFiles.colours, ImageFiles.palette])
  func `colours are read channel by channel`(bytes: [UInt8]) throws {
    let picture = try picture(bytes)
    #expect(picture.channels == 3 && picture.height == 2 && picture.width == 3)
    #expect(picture.pixels == Self.coloursByChannel)
  }

  @Test func `grey is one channel, of 8 bits`() throws {
    #expect(try picture(ImageFiles.grey).pixels == [0, 128, 255, 7, 77, 200])
    let wide = try picture(ImageFiles.wideGrey)
    #expect(wide.channels == 1 && wide.pixels == [0, 255, 100, 7])
  }

  @Test func `what is transparent is white`() throws {
    let pixels = try picture(ImageFiles.transparent).pixels
    #expect(pixels[..<2] == [255, 255] && pixels[3..<5] == [0, 255] && pixels[6..<8] == [0, 255])
    // The last is black, half of it: half of the light of white is 188 by the sRGB curve, and 186
    // by the power 1/2.2 that libpng takes for it.
    for channel in 0..<3 { #expect((185...189).contains(pixels[3 * channel + 2])) }
  }

  @Test func `jpeg is read as another program reads it`() throws {
    let grey = try picture(ImageFiles.greyJPEG)
    let row: [UInt8] = [0, 32, 59, 87, 124, 151, 179, 211]
    #expect(grey.channels == 1 && grey.pixels == Array(repeating: row, count: 8).flatMap { $0 })
    let colour = try picture(ImageFiles.colourJPEG)
    #expect(
      colour.pixels == ([200, 100, 50] as [UInt8]).flatMap { [UInt8](repeating: $0, count: 64) })
  }

  @Test(arguments: [1, 3])
  func `what is written is read again`(channels: Int) throws {
    let folder = try TemporaryFolder()
    let pixels = (0..<(channels * 35)).map { UInt8(truncatingIfNeeded: $0 * 97 + 13) }
    let original = Picture(channels: channels, height: 5, width: 7, pixels: pixels)
    let path = "\(folder.path)/a.png"
    try original.write(to: path)
    #expect(try Picture(contentsOf: path) == original)
    #expect(Picture(original.tensor) == original)
  }

  @Test func `numbers are clipped and rounded`() {
    let numbers = Tensor([-1, 0.5, 2, .nan, 0.001, 1] as [Double], shape: [1, 2, 3])
    #expect(Picture(numbers).pixels == [0, 128, 255, 0, 0, 255])
  }

  @Test func `what is no whole image is an error`() throws {
    let folder = try TemporaryFolder()
    let whole = [ImageFiles.colours, ImageFiles.greyJPEG, ImageFiles.colourJPEG]
    for (number, bytes) in whole.enumerated() {
      for count in [0, 3, 8, 20, 40, bytes.count / 2] {
        let path = try folder.write(bytes.prefix(count), to: "\(number)-\(count)")
        let error = try #require(throws: DataError.self) { try Picture(contentsOf: path) }
        #expect("\(error)".hasPrefix(path))
      }
    }
    // A header that asks for 2³¹ - 1 pixels a side is refused before any memory is.
    var huge = ImageFiles.colours
    huge.replaceSubrange(16..<24, with: [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff])
    #expect(throws: DataError.self) { try picture(huge) }
  }

  @Test func `damage never traps`() throws {
    var random = SystemRandomNumberGenerator()
    for bytes in [ImageFiles.colours, ImageFiles.palette, ImageFiles.greyJPEG] {
      for _ in 0..<300 {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: 0..<damaged.count, using: &random)
          damaged[place] = .random(in: .min ... .max, using: &random)
        }
        _ = try? picture(damaged)
      }
    }
  }
}
