-- The knowledge base of a case, version 1 (PRAGMA user_version).
-- One current reading a document; older readings stay beside it. Offsets are code points into extraction.text.

-- A source: the bytes lie in documents/<sha256> of the case folder.
CREATE TABLE document (
    n        INTEGER PRIMARY KEY,                            -- in the order in which they came
    sha256   TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    name     TEXT NOT NULL,
    format   TEXT NOT NULL,
    size     INTEGER NOT NULL CHECK (size >= 0),             -- bytes
    added_at TEXT NOT NULL                                   -- UTC, ISO 8601
) STRICT;

-- What a loader made of the bytes. A better loader makes another row, so that old offsets keep their meaning.
CREATE TABLE extraction (
    id       INTEGER PRIMARY KEY,
    document TEXT NOT NULL REFERENCES document (sha256),
    content  TEXT NOT NULL,                                  -- sha256 over all columns below
    text     TEXT NOT NULL,
    language TEXT NOT NULL,
    metadata TEXT NOT NULL CHECK (json_valid(metadata)),
    blocks   TEXT NOT NULL CHECK (json_valid(blocks)),
    spans    TEXT NOT NULL CHECK (json_valid(spans)),        -- the way back to bytes, pages, elements
    warnings TEXT NOT NULL CHECK (json_valid(warnings)),
    UNIQUE (document, content),
    UNIQUE (id, document)
) STRICT;

CREATE TABLE reading (
    id         INTEGER PRIMARY KEY,
    document   TEXT NOT NULL REFERENCES document (sha256),
    extraction INTEGER NOT NULL,
    engine     TEXT NOT NULL,
    ruleset    TEXT NOT NULL,
    created_at TEXT NOT NULL,
    current    INTEGER NOT NULL CHECK (current IN (0, 1)),
    UNIQUE (extraction, engine, ruleset),
    UNIQUE (id, document),
    FOREIGN KEY (extraction, document) REFERENCES extraction (id, document)
) STRICT;
CREATE UNIQUE INDEX reading_current ON reading (document) WHERE current = 1;
CREATE INDEX reading_document ON reading (document);

CREATE TABLE actor (
    id    TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    kind  TEXT,
    known INTEGER NOT NULL CHECK (known IN (0, 1)),          -- 1: from the lexicon, with all it says in info
    info  TEXT NOT NULL CHECK (json_valid(info))
) STRICT;

CREATE TABLE statement (
    key             INTEGER PRIMARY KEY,                     -- in the order of the reading
    reading         INTEGER NOT NULL,
    document        TEXT NOT NULL,
    id              TEXT NOT NULL,
    kind            TEXT NOT NULL,
    type            TEXT NOT NULL,
    subject_surface TEXT,
    subject_actor   TEXT REFERENCES actor,
    subject_kind    TEXT,
    subject_how     TEXT,
    object_surface  TEXT,
    object_actor    TEXT REFERENCES actor,
    object_kind     TEXT,
    object_how      TEXT,
    time_surface    TEXT,
    time_start      TEXT,
    time_end        TEXT,
    time_precision  TEXT,
    quantity_surface TEXT,
    quantity_low    REAL,
    quantity_high   REAL,
    quantity_unit   TEXT,
    quantity_bound  TEXT,
    instrument      TEXT,
    text            TEXT,
    effect          TEXT,
    condition       TEXT,
    status          TEXT NOT NULL,
    phase           TEXT NOT NULL,
    polarity        TEXT NOT NULL,
    likelihood_cue  TEXT,
    likelihood_low  REAL,
    likelihood_high REAL,
    attribution     TEXT NOT NULL CHECK (json_valid(attribution)),
    rule            TEXT NOT NULL,
    json            TEXT NOT NULL CHECK (json_valid(json)),  -- the whole statement in the contract's form
    first_evidence  INTEGER NOT NULL DEFAULT 0 CHECK (first_evidence = 0),
    UNIQUE (reading, id),
    UNIQUE (key, document),
    FOREIGN KEY (reading, document) REFERENCES reading (id, document),
    -- no statement without evidence: checked when the transaction ends
    FOREIGN KEY (key, first_evidence) REFERENCES evidence (statement, ordinal) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX statement_reading ON statement (reading);
CREATE INDEX statement_id ON statement (id);
CREATE INDEX statement_kind ON statement (kind, type);
CREATE INDEX statement_status ON statement (status);
CREATE INDEX statement_subject ON statement (subject_actor);
CREATE INDEX statement_object ON statement (object_actor);
CREATE INDEX statement_time ON statement (time_start, time_end);

CREATE TABLE evidence (
    statement INTEGER NOT NULL,
    ordinal   INTEGER NOT NULL CHECK (ordinal >= 0),         -- 0: the evidence; from 1: the same said again
    document  TEXT NOT NULL,
    start     INTEGER NOT NULL CHECK (start >= 0),
    end       INTEGER NOT NULL,
    quote     TEXT NOT NULL CHECK (quote <> ''),
    PRIMARY KEY (statement, ordinal),
    CHECK (end > start),
    FOREIGN KEY (statement, document) REFERENCES statement (key, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement_place (
    statement INTEGER NOT NULL REFERENCES statement (key),
    ordinal   INTEGER NOT NULL,
    surface   TEXT NOT NULL,
    start     INTEGER NOT NULL,
    end       INTEGER NOT NULL,
    place     TEXT,
    level     TEXT,
    lat       REAL,
    lon       REAL,
    PRIMARY KEY (statement, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_place_place ON statement_place (place);

CREATE TABLE rejected (
    id      INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL REFERENCES reading,
    reason  TEXT NOT NULL,
    json    TEXT NOT NULL CHECK (json_valid(json))
) STRICT;
CREATE INDEX rejected_reading ON rejected (reading);

CREATE TABLE mention (
    id      INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL REFERENCES reading,
    start   INTEGER NOT NULL CHECK (start >= 0),
    end     INTEGER NOT NULL CHECK (end >= start),
    surface TEXT NOT NULL,
    type    TEXT NOT NULL CHECK (type IN ('actor', 'place', 'time', 'quantity')),
    ref     TEXT,
    how     TEXT
) STRICT;
CREATE INDEX mention_reading ON mention (reading);
CREATE INDEX mention_ref ON mention (type, ref);

-- The analyst's edits, in order; nothing is changed or taken away, a later edit answers an earlier one.
CREATE TABLE edit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     TEXT NOT NULL,
    author TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,                                    -- table name
    key    TEXT NOT NULL,                                    -- id of the row
    old    TEXT CHECK (old IS NULL OR json_valid(old)),
    new    TEXT CHECK (new IS NULL OR json_valid(new)),
    note   TEXT
) STRICT;
CREATE INDEX edit_target ON edit (target, key);
CREATE TRIGGER edit_no_update BEFORE UPDATE ON edit BEGIN
    SELECT RAISE (ABORT, 'the edit log is append-only');
END;
CREATE TRIGGER edit_no_delete BEFORE DELETE ON edit BEGIN
    SELECT RAISE (ABORT, 'the edit log is append-only');
END;

-- Full text. Passages are the blocks of an extraction, page furniture left out. Accents fold: Kunar finds Kunaṟ.
CREATE TABLE passage (
    id         INTEGER PRIMARY KEY,
    extraction INTEGER NOT NULL REFERENCES extraction,
    start      INTEGER NOT NULL,
    end        INTEGER NOT NULL,
    kind       TEXT NOT NULL
) STRICT;
CREATE INDEX passage_extraction ON passage (extraction);
CREATE VIRTUAL TABLE passage_fts USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE statement_fts USING fts5 (
    quote, surfaces, actors, tokenize = "unicode61 remove_diacritics 2"
);

-- For those who look into the file with SQL of their own.
CREATE VIEW current_statement AS
    SELECT statement.*, document.name AS document_name, document.n AS document_n
    FROM statement
    JOIN reading ON reading.id = statement.reading AND reading.current = 1
    JOIN document ON document.sha256 = statement.document;
CREATE VIEW current_document AS
    SELECT document.*, extraction.text, extraction.language, extraction.metadata, extraction.warnings,
           reading.id AS reading, reading.engine, reading.ruleset
    FROM document
    JOIN reading ON reading.document = document.sha256 AND reading.current = 1
    JOIN extraction ON extraction.id = reading.extraction;
