import Language

/// The syntax file of Vim (`:help syntax`).
struct VimSyntax {
  let vocabulary: EditorVocabulary

  static let detection = "autocmd BufNewFile,BufRead *.pass setfiletype passbook\n"

  var text: String {
    let tags = EditorVocabulary.markdownTags.joined(separator: "\\|")
    let units = EditorVocabulary.units.joined(separator: "\\|")
    let (fn, model) = (Keyword.fn.rawValue, Keyword.model.rawValue)
    return """
      " Vim syntax file of Passbook scripts; written by `passbook editors`, so edit its tables and not this file.
      if exists("b:current_syntax")
        finish
      endif
      let s:options = &cpoptions
      set cpoptions&vim
      syntax case match

      syntax keyword passbookKeyword \(EditorVocabulary.keywords.joined(separator: " "))
      syntax keyword passbookConstant \(EditorVocabulary.constants.map(\.rawValue).joined(separator: " "))

      " Of two matches at one place the later definition wins.
      syntax match passbookOperator /\(operators)/
      syntax match passbookNumber /\\<\\d\\+\\%(\\.\\d\\+\\)\\?\\%([eE][+-]\\?\\d\\+\\)\\?\\%(\(units)\\)\\?/
      syntax match passbookLabel /\\<\\h\\w*\\ze\\s*:/
      syntax match passbookFunction /\\<\\h\\w*\\ze(/
      syntax match passbookFunction /\\%(|>\\s*\\|\\<\\%(\(fn)\\|\(model)\\)\\s\\+\\)\\@<=\\h\\w*/
      syntax match passbookNative /\\<\\%(\(vocabulary.natives.joined(separator: "\\|"))\\)\\ze(/
      syntax cluster passbookExpression contains=passbookKeyword,passbookConstant,passbookOperator,passbookNumber
      syntax cluster passbookExpression add=passbookFunction,passbookNative,passbookString,passbookBrackets

      syntax match passbookEscape contained /\\\\\\%([\(EditorVocabulary.escapeLetters)]\\|u{\\x\\+}\\)/
      syntax match passbookFormat contained /:[^}"]*/
      syntax region passbookBrackets contained transparent start=/(/ end=/)/ contains=@passbookExpression,passbookLabel
      syntax region passbookBrackets contained transparent start=/\\[/ end=/\\]/ contains=@passbookExpression
      syntax region passbookInterpolation contained matchgroup=passbookBrace start=/{/ end=/}/
        \\ contains=@passbookExpression,passbookFormat
      syntax region passbookString start=/"/ skip=/\\\\./ end=/"/ oneline
        \\ contains=passbookEscape,passbookInterpolation,@Spell
      syntax region passbookString start=/\"""/ skip=/\\\\./ end=/\"""/
        \\ contains=passbookEscape,passbookInterpolation,@Spell

      syntax match passbookComment /#.*/ contains=@Spell
      syntax match passbookDocumentation /##.*/ contains=@Spell
      syntax match passbookOutput /#=>.*/
      syntax match passbookHeader /^# \\?%%.*/
      syntax match passbookMagic /^:.*/
      syntax match passbookHelp /^?.*/
      syntax region passbookMarkdown start=/^# \\?%% *\\[\\%(\(tags)\\)\\]/ end=/^\\ze# \\?%%/
        \\ contains=passbookMarkdownHeader,@Spell
      syntax match passbookMarkdownHeader contained /^# \\?%% *\\[\\%(\(tags)\\)\\].*/

      " A cell begins anew whatever stands above it.
      syntax sync match passbookCell grouphere NONE /^# \\?%%/

      highlight default link passbookKeyword Keyword
      highlight default link passbookConstant Constant
      highlight default link passbookOperator Operator
      highlight default link passbookNumber Number
      highlight default link passbookLabel Identifier
      highlight default link passbookFunction Function
      highlight default link passbookNative Function
      highlight default link passbookString String
      highlight default link passbookEscape SpecialChar
      highlight default link passbookBrace Delimiter
      highlight default link passbookFormat Special
      highlight default link passbookComment Comment
      highlight default link passbookDocumentation SpecialComment
      highlight default link passbookOutput Debug
      highlight default link passbookHeader Title
      highlight default link passbookMarkdownHeader Title
      highlight default link passbookMarkdown Comment
      highlight default link passbookMagic PreProc
      highlight default link passbookHelp PreProc

      let b:current_syntax = "passbook"
      let &cpoptions = s:options
      unlet s:options

      """
  }

  private var operators: String {
    EditorVocabulary.operators.map { text in
      String(text.flatMap { "\\^$.*[]~/".contains($0) ? ["\\", $0] : [$0] })
    }.joined(separator: "\\|")
  }
}
