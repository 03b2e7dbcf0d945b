import Language
import Notebook
import Testing

@Suite struct PresentationTests {
  private func presentation() -> Presentation {
    var presentation = Presentation(plan(sampleLesson))
    _ = presentation.begin()
    return presentation
  }

  @Test func enterShowsTypesAndGoesOn() {
    var presentation = Presentation(plan(sampleLesson))
    #expect(presentation.begin() == [.text("# Sums (20 minutes)\nAdding *numbers*.")])
    #expect(presentation.handle(.enter) == [.say("a cell"), .type("x = 20\nx + 1")])
    #expect(presentation.prompt == "present 2/6> ")
    #expect(presentation.handle(.ran(succeeded: true)).isEmpty)
    #expect(
      presentation.handle(.enter)
        == [.text("**Task: forty-two**\n\nMake `y` so that it and `x` are 42 together.\nIt is a number.")])
    #expect(presentation.handle(.enter) == [.type("y = 42 -\n  x")])
  }

  @Test func aFailedCellIsTypedAgain() {
    var presentation = presentation()
    _ = presentation.handle(.enter)
    _ = presentation.handle(.ran(succeeded: false))
    #expect(presentation.handle(.enter) == [.type("x = 20\nx + 1")])
  }

  @Test func aLineOfTheTeachersOwnLeavesTheStepWhereItIs() {
    var presentation = presentation()
    _ = presentation.handle(.command(.goto(3)))
    _ = presentation.handle(.ran(succeeded: true))
    #expect(presentation.handle(.enter) == [.type("y = 42 -\n  x")])
  }

  @Test func commandsMove() {
    var presentation = presentation()
    #expect(presentation.handle(.command(.next)) == [.say("a cell"), .type("x = 20\nx + 1")])
    #expect(presentation.handle(.command(.back)) == [.text("# Sums (20 minutes)\nAdding *numbers*.")])
    #expect(presentation.handle(.command(.back)).count == 1)
    #expect(presentation.handle(.command(.goto(4))) == [.text("A second one.")])
    for number in [0, 7, -1, .max, .min] {
      #expect(presentation.handle(.command(.goto(number))) == [.say("there are cells 1 to 6")])
    }
    #expect(presentation.prompt == "present 4/6> ")
  }

  @Test func theEndIsSaid() {
    var presentation = presentation()
    _ = presentation.handle(.command(.goto(6)))
    guard case .say = presentation.handle(.enter).first else {
      Issue.record("nothing said")
      return
    }
    #expect(presentation.prompt == "present 6/6> ")
  }
}
