//! Requests at every place of texts that are easy to get wrong.
use crate::editor::{Editor, apply, edits, offset, place, uri};
use serde_json::{Value, json};
use tower_lsp::ls_types::*;

const TEXTS: &[&str] = &[
    "\u{feff}# syntax=docker/dockerfile:1\n# e\u{301}sudo🐳\nARG V=1\nFROM debian:$V AS a\nENV X=1 Y=\"$X é\"\n\
     RUN --mount=type=bind,from=a,target=/x <<-EOF1 <<'EOF2'\n\techo 🐳 $X ${Y:-é}\n\tEOF1\ncat\nEOF2\n\
     COPY <<E /x\na $X\nE\nONBUILD COPY --from=0 /a$X /b\nFROM a\nCOPY --from=a /é /y\n\
     RUN echo \"👩‍👩‍👧 $X\" \\\n  # comment é\n\n  && sudo apt-get install zip curl\nLABEL a b\nCMD python app.py",
    "# escape=`\r\nFROM mcr.microsoft.com/windows/servercore AS Base\r\nSHELL [\"powershell\", `\r\n  \"-Command\"]\r\n\
     RUN Write-Host 🐳 ; `\r\n    Get-Item C:\\\r\nENV A=b `\r\n\tC=\"é $A\"\r\nCOPY --from=base C:/x C:/y\r\n",
    "FROM a\rRUN <<EOF\nFROM\nRUN\nONBUILD\nCOPY --from= [\"é\n",
    "",
    "🐳",
];

async fn answered(editor: &mut Editor, method: &str, params: Value) -> Value {
    let answer = editor.raw(method, params.clone()).await;
    assert!(answer.get("error").is_none(), "{method} {params}: {answer}");
    answer["result"].clone()
}

#[tokio::test]
async fn every_place_is_answered_and_what_is_answered_holds_it() {
    for text in TEXTS {
        let mut editor = Editor::start().await;
        editor.open(&uri(), text).await;
        let inside = |at: usize, range: &Value| {
            let range: Range = serde_json::from_value(range.clone()).expect("it is typed");
            let span = offset(text, range.start)..=offset(text, range.end);
            assert!(span.contains(&at), "{range:?} does not hold {at} of {text:?}");
        };
        for at in (0..=text.len()).filter(|i| text.is_char_boundary(*i)) {
            let here = place(text, at);
            // Between the two bytes of a line ending there is no place.
            if offset(text, here) != at {
                continue;
            }
            let document = json!({ "uri": uri() });
            let params = json!({ "textDocument": document, "position": here });
            let hover = answered(&mut editor, "textDocument/hover", params.clone()).await;
            if hover.is_object() {
                inside(at, &hover["range"]);
            }
            let all = answered(&mut editor, "textDocument/completion", params.clone()).await;
            for item in all.as_array().into_iter().flatten() {
                inside(at, &item["textEdit"]["range"]);
            }
            answered(&mut editor, "textDocument/signatureHelp", params.clone()).await;
            answered(&mut editor, "textDocument/linkedEditingRange", params.clone()).await;
            let marks = answered(&mut editor, "textDocument/documentHighlight", params.clone()).await;
            let defined = answered(&mut editor, "textDocument/definition", params.clone()).await;
            assert_eq!(marks.is_array(), defined.is_object(), "{at} of {text:?}");
            let named = answered(&mut editor, "textDocument/prepareRename", params.clone()).await;
            if named.is_object() {
                inside(at, &named);
                let params = json!({ "textDocument": document, "position": here, "newName": "other" });
                let edit = answered(&mut editor, "textDocument/rename", params).await;
                let edit = edits(Some(serde_json::from_value(edit).expect("it is typed")));
                assert!(apply(text, &edit).contains("other"));
            }
            let params = json!({ "textDocument": document, "positions": [here] });
            let all = answered(&mut editor, "textDocument/selectionRange", params).await;
            let mut next = serde_json::from_value::<Vec<SelectionRange>>(all).expect("it is typed").pop();
            let mut last: Option<(usize, usize)> = None;
            while let Some(range) = next {
                let span = (offset(text, range.range.start), offset(text, range.range.end));
                let inner = last.unwrap_or((at, at));
                assert!(span.0 <= inner.0 && inner.1 <= span.1, "{span:?} does not hold {inner:?}");
                assert_ne!(Some(span), last, "at {at} of {text:?}");
                (last, next) = (Some(span), range.parent.map(|p| *p));
            }
            assert_eq!(last, Some((0, text.len())), "the last is the whole file");
            let context = json!({ "diagnostics": [] });
            let params =
                json!({ "textDocument": document, "range": Range::new(here, here), "context": context });
            answered(&mut editor, "textDocument/codeAction", params).await;
        }
    }
}
