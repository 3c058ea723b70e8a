//! Tables, as both databases have them.
#![expect(
    missing_docs,
    reason = "the migrations say what each table and column is"
)]

diesel::table! {
    medicines (id) {
        id -> BigInt,
        first_seen_at -> Timestamp,
    }
}

diesel::table! {
    ingredients (id) {
        id -> BigInt,
        canonical_name -> Text,
        name -> Text,
        english_name -> Nullable<Text>,
        mfds_code -> Nullable<Text>,
        description -> Nullable<Text>,
        redirect_to -> Nullable<BigInt>,
        first_seen_at -> Timestamp,
    }
}

diesel::table! {
    catalogue_generations (id) {
        id -> BigInt,
        run_id -> BigInt,
        state -> Text,
        created_at -> Timestamp,
        activated_at -> Nullable<Timestamp>,
        medicine_count -> Integer,
        carried_count -> Integer,
        permit_detail_total -> Integer,
        permit_list_total -> Integer,
        pill_total -> Integer,
        easy_guide_total -> Integer,
    }
}

diesel::table! {
    catalogue_pointer (id) {
        id -> BigInt,
        generation_id -> BigInt,
        version -> BigInt,
        synced_at -> Timestamp,
    }
}

diesel::table! {
    documents (hash) {
        hash -> Binary,
        body -> Binary,
    }
}

diesel::table! {
    medicine_contents (generation_id, medicine_id) {
        generation_id -> BigInt,
        medicine_id -> BigInt,
        content -> Binary,
        efficacy_hash -> Nullable<Binary>,
        dosage_hash -> Nullable<Binary>,
        precautions_hash -> Nullable<Binary>,
        easy_guide_hash -> Nullable<Binary>,
        carried -> Bool,
    }
}

diesel::table! {
    sync_runs (id) {
        id -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        version -> Text,
        generation_id -> BigInt,
        started_at -> Timestamp,
        updated_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sync_operations (run_id, operation) {
        run_id -> BigInt,
        operation -> Text,
        total -> Integer,
        pages_done -> Integer,
        records -> Integer,
        rejected -> Integer,
        duplicates -> Integer,
        complete -> Bool,
    }
}

diesel::table! {
    sync_pages (run_id, operation, page) {
        run_id -> BigInt,
        operation -> Text,
        page -> Integer,
        total -> Integer,
        items -> Integer,
        rejected -> Integer,
        duplicates -> Integer,
        fetched_at -> Timestamp,
    }
}

diesel::table! {
    sync_staged (run_id, operation, medicine_id, part) {
        run_id -> BigInt,
        operation -> Text,
        medicine_id -> BigInt,
        part -> BigInt,
        position -> BigInt,
        content -> Binary,
        document_hash -> Nullable<Binary>,
    }
}

diesel::table! {
    sync_rejects (id) {
        id -> BigInt,
        run_id -> BigInt,
        operation -> Text,
        page -> Integer,
        position -> Integer,
        medicine_id -> Nullable<BigInt>,
        field -> Text,
        code -> Text,
        reason -> Text,
        raw -> Text,
    }
}

diesel::table! {
    locks (name) {
        name -> Text,
        owner -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    wishes (user_id, medicine_id) {
        user_id -> BigInt,
        medicine_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    medicine_contents,
    documents,
    sync_staged,
    medicines,
    wishes
);
