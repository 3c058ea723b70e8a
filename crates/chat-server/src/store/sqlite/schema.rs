//! Tables of the embedded store.

diesel::table! {
    store_format (id) {
        id -> Integer,
        version -> Integer,
    }
}

diesel::table! {
    conversations (id) {
        id -> Text,
        person -> Text,
        version -> BigInt,
        state -> Text,
        queue_key -> Nullable<BigInt>,
        counsellor -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        unanswered -> Bool,
        outbox_due -> Nullable<BigInt>,
        outbox_dead -> Bool,
        pending_purge -> Bool,
        last_at -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    messages (conversation, seq) {
        conversation -> Text,
        seq -> BigInt,
        key -> Text,
        purge_at -> Nullable<BigInt>,
        body -> Text,
    }
}

diesel::table! {
    records (kind, id) {
        kind -> Text,
        id -> Text,
        owner -> Text,
        sort -> BigInt,
        expires_at -> Nullable<BigInt>,
        body -> Text,
    }
}
