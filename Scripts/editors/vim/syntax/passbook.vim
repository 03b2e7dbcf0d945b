" Vim syntax file of Passbook scripts; written by `passbook editors`, so edit its tables and not this file.
if exists("b:current_syntax")
  finish
endif
let s:options = &cpoptions
set cpoptions&vim
syntax case match

syntax keyword passbookKeyword fn model on for while in if else return break continue expect and or not mod by
syntax keyword passbookConstant true false none

" Of two matches at one place the later definition wins.
syntax match passbookOperator /\.\.<\|!=\|\*\*\|\*=\|+=\|-=\|->\|\.\.\|\/=\|<=\|==\|>=\||>\|\*\|+\|-\|\/\|<\|=\|>\|@/
syntax match passbookNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\%(min\|ms\|%\|h\|s\)\?/
syntax match passbookLabel /\<\h\w*\ze\s*:/
syntax match passbookFunction /\<\h\w*\ze(/
syntax match passbookFunction /\%(|>\s*\|\<\%(fn\|model\)\s\+\)\@<=\h\w*/
syntax match passbookNative /\<\%(abs\|accuracy\|adam\|add\|alexnet\|all\|ambiguity_curve\|any\|argmax\|augment\|avgpool\|bars\|batches\|binomial_tail\|caltech\|ceil\|certificate\|cifar10\|cifar100\|cloud\|clouds\|commit\|concat\|confusion\|contains\|conv\|conv1d\|copy\|cos\|cross_entropy\|dense\|distill\|distill_curve\|dropout\|emulation_curve\|enumerate\|exp\|falseclaims\|farthest\|fashion\|filter\|fine_tune\|fine_tune_curve\|flatten\|flip_scales\|floor\|forge\|furniture\|globalavg\|globalmax\|grad\|grid\|histogram\|images\|input\|interval\|join\|judge\|keypair\|keys\|leaky_relu\|len\|load\|localmax\|log\|map\|max\|maxpool\|mean\|median\|min\|model_of\|modelnet\|neighbours\|norm\|normal\|obfuscate\|ones\|overwrite\|overwrite_curve\|parameters\|passport\|patterns\|plant\|plot\|pointnet\|pow\|predict\|predictions\|print\|protect\|prune\|prune_curve\|quantize\|quantize_curve\|range\|realign\|release\|relu\|reshape\|resnet18\|reverse\|round\|save\|scatter\|sgd\|shape\|shapenet\|show\|shuffle\|sin\|softmax\|solids\|sort\|split\|sqrt\|steps\|sum\|summary\|table\|take\|tanh\|tensor\|text\|timestamp\|timestamp_request\|tnet\|train\|transfer\|transfer_curve\|transpose\|triggers\|type\|uniform\|values\|verify\|vgg11\|vgg16\|with_parameters\|zeros\|zip\)\ze(/
syntax cluster passbookExpression contains=passbookKeyword,passbookConstant,passbookOperator,passbookNumber
syntax cluster passbookExpression add=passbookFunction,passbookNative,passbookString,passbookBrackets

syntax match passbookEscape contained /\\\%([nt"\\{}]\|u{\x\+}\)/
syntax match passbookFormat contained /:[^}"]*/
syntax region passbookBrackets contained transparent start=/(/ end=/)/ contains=@passbookExpression,passbookLabel
syntax region passbookBrackets contained transparent start=/\[/ end=/\]/ contains=@passbookExpression
syntax region passbookInterpolation contained matchgroup=passbookBrace start=/{/ end=/}/
  \ contains=@passbookExpression,passbookFormat
syntax region passbookString start=/"/ skip=/\\./ end=/"/ oneline
  \ contains=passbookEscape,passbookInterpolation,@Spell
syntax region passbookString start=/"""/ skip=/\\./ end=/"""/
  \ contains=passbookEscape,passbookInterpolation,@Spell

syntax match passbookComment /#.*/ contains=@Spell
syntax match passbookDocumentation /##.*/ contains=@Spell
syntax match passbookOutput /#=>.*/
syntax match passbookHeader /^# \?%%.*/
syntax match passbookMagic /^:.*/
syntax match passbookHelp /^?.*/
syntax region passbookMarkdown start=/^# \?%% *\[\%(markdown\|md\)\]/ end=/^\ze# \?%%/
  \ contains=passbookMarkdownHeader,@Spell
syntax match passbookMarkdownHeader contained /^# \?%% *\[\%(markdown\|md\)\].*/

" A cell begins anew whatever stands above it.
syntax sync match passbookCell grouphere NONE /^# \?%%/

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
