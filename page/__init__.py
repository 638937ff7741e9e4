"""The Gradio page, apart from its wiring in `app.py`.

loading     the assistant, loading in the background while the page is already up
exchange    one question and what has arrived of its answer
answers     exchanges as HTML: sentences, markers, sources
tools       what stands under an answer: copy, thumbs, comment
body        the text of a document as HTML, cited spans in <mark>
facts       what is known about a document, each value with its proof
reader      the source reader: a document, front and back matter, the list of all documents
welcome     what stands on the page before the first question
actions     what happens on a click or a question: events of qa -> HTML
api         `ask` and `search` for programs and MCP clients
look        theme, style sheet, script and security headers
html        elements whose text is escaped

Nothing here decides what an answer says; `qa` never imports this package.
"""
