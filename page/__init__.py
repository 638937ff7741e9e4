"""The Gradio page, apart from its wiring in `app.py`.

loading     the assistant, loading in the background while the page is already up
exchange    one question and what has arrived of its answer
answers     exchanges as HTML: sentences, markers, sources, thumbs
body        the text of a document as HTML, cited spans in <mark>
reader      the source reader: a document with its facts, front and back matter, the list of all documents
actions     what happens on a click or a question: events of qa -> HTML
api         `ask` and `search` for programs and MCP clients
look        theme, style sheet, script and security headers
html        elements whose text is escaped

Nothing here decides what an answer says; `qa` never imports this package.
"""
