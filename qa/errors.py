"""Every error a user can meet, each with its remedy in the message.

```
QAError
├── InputError       the question, an argument or an uploaded row cannot be used
├── ConfigError      a setting is unknown or has an impossible value
├── CorpusError      a corpus file or the manifest is missing, damaged or inconsistent
├── IndexFileError   the index is missing, stale or damaged
├── ModelError       a model folder is incomplete or cannot be loaded
└── GenerationError  a language model or its server failed
```

The command line prints the message on one line and exits with status 1; the page shows it in place of an answer.
"""


class QAError(Exception):
    """Base of all errors raised on purpose by this package."""


class InputError(QAError):
    """The question, an argument or an uploaded row cannot be used."""


class ConfigError(QAError):
    """A setting is unknown or has an impossible value."""


class CorpusError(QAError):
    """A corpus file or the manifest is missing, damaged or inconsistent."""


class IndexFileError(QAError):
    """The index is missing, stale or damaged."""


class ModelError(QAError):
    """A model folder is incomplete or cannot be loaded."""


class GenerationError(QAError):
    """A language model or its server failed."""
