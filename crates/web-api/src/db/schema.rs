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
    allergies (user_id) {
        user_id -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    wishes (user_id, medicine_id) {
        user_id -> BigInt,
        medicine_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        public_id -> Text,
        login_id -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamp>,
        nickname -> Nullable<Text>,
        nickname_key -> Nullable<Text>,
        email_sealed -> Nullable<Binary>,
        email_index -> Nullable<Binary>,
        phone_sealed -> Nullable<Binary>,
        phone_index -> Nullable<Binary>,
        role -> Text,
        state -> Text,
        state_changed_at -> Timestamp,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    consents (id) {
        id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        agreed -> Bool,
        text_version -> Text,
        said_at -> Timestamp,
    }
}

diesel::table! {
    attendance (user_id, day) {
        user_id -> BigInt,
        day -> Date,
    }
}

diesel::table! {
    phone_verifications (id) {
        id -> Text,
        purpose -> Text,
        phone_sealed -> Binary,
        phone_index -> Binary,
        code_hash -> Binary,
        issued_at -> Timestamp,
        tries -> Integer,
        phase -> Text,
        confirmed_at -> Nullable<Timestamp>,
        token_hash -> Nullable<Binary>,
    }
}

diesel::table! {
    sms_outbox (id) {
        id -> BigInt,
        verification_id -> Text,
        state -> Text,
        attempts -> Integer,
        next_at -> Timestamp,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        expires_at -> Timestamp,
        request_id -> Nullable<Text>,
        message_id -> Nullable<Text>,
        outcome -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        unsure -> Integer,
    }
}

diesel::table! {
    sms_counts (scope, subject, window_start) {
        scope -> Text,
        subject -> Binary,
        window_start -> Timestamp,
        amount -> BigInt,
        last_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> BigInt,
        family_hash -> Binary,
        generation -> BigInt,
        created_at -> Timestamp,
        rotated_at -> Timestamp,
        expires_at -> Timestamp,
        device -> Text,
        ended_at -> Nullable<Timestamp>,
        ended_why -> Nullable<Text>,
        second_factor_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sign_in_failures (id) {
        id -> BigInt,
        account_index -> Binary,
        address_index -> Binary,
        failed_at -> Timestamp,
        forgiven -> Bool,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> Timestamp,
        action -> Text,
        actor_id -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        request_id -> Nullable<Text>,
        address_sealed -> Nullable<Binary>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    statements (id) {
        id -> Text,
        event -> Text,
        subject_id -> Text,
        session_id -> Nullable<Text>,
        until_at -> Nullable<Timestamp>,
        happened_at -> Timestamp,
        attempts -> Integer,
        next_at -> Timestamp,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erasure_receipts (id) {
        id -> Text,
        erased_at -> Timestamp,
        statement_id -> Text,
        chat_done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erased_users (public_id) {
        public_id -> Text,
        erased_at -> Timestamp,
    }
}

diesel::table! {
    sign_up_answers (key_hash) {
        key_hash -> Binary,
        body_hash -> Binary,
        member_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    profile_images (user_id) {
        user_id -> BigInt,
        file -> Text,
        upload_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    image_uploads (id) {
        id -> Text,
        user_id -> BigInt,
        content_type -> Text,
        size -> Integer,
        state -> Text,
        claim -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    account_security (user_id) {
        user_id -> BigInt,
        address_salt -> Nullable<Binary>,
        suspended_reason -> Nullable<Text>,
        suspended_until -> Nullable<Timestamp>,
        factor_secret -> Nullable<Binary>,
        factor_confirmed_at -> Nullable<Timestamp>,
        factor_last_step -> BigInt,
        factor_recovery -> Nullable<Binary>,
    }
}

diesel::table! {
    image_deletions (file) {
        file -> Text,
        next_at -> Timestamp,
        until_at -> Timestamp,
        attempts -> Integer,
        created_at -> Timestamp,
    }
}

diesel::table! {
    social_flows (state_hash) {
        state_hash -> Binary,
        provider -> Text,
        purpose -> Text,
        browser_hash -> Binary,
        return_to -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    social_exchanges (code_hash) {
        code_hash -> Binary,
        provider -> Text,
        purpose -> Text,
        browser_hash -> Binary,
        subject_index -> Binary,
        subject_sealed -> Binary,
        token_sealed -> Nullable<Binary>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    social_identities (id) {
        id -> BigInt,
        user_id -> BigInt,
        provider -> Text,
        subject_index -> Binary,
        subject_sealed -> Nullable<Binary>,
        token_sealed -> Nullable<Binary>,
        linked_at -> Timestamp,
        unlinked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    social_unlinks (id) {
        id -> BigInt,
        provider -> Text,
        sealed -> Binary,
        attempts -> Integer,
        next_at -> Timestamp,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        created_at -> Timestamp,
        subject_index -> Nullable<Binary>,
    }
}

diesel::table! {
    reauthentications (session_id) {
        session_id -> Text,
        user_id -> BigInt,
        proved_at -> Timestamp,
    }
}

diesel::table! {
    health_quotes (id) {
        id -> BigInt,
        position -> BigInt,
        body -> Text,
        source -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        title -> Text,
        body -> Text,
        link_url -> Nullable<Text>,
        picture_url -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Date,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    once_answers (key_hash) {
        key_hash -> Binary,
        body_hash -> Binary,
        caller_id -> Text,
        status -> Integer,
        answer -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    compare_box (user_id, medicine_id) {
        user_id -> BigInt,
        medicine_id -> BigInt,
        turn -> BigInt,
        added_at -> Timestamp,
    }
}

diesel::table! {
    reviews (id) {
        id -> BigInt,
        public_id -> Text,
        user_id -> BigInt,
        medicine_id -> BigInt,
        rating -> Integer,
        body -> Nullable<Text>,
        folded -> Nullable<Text>,
        sealed -> Nullable<Binary>,
        visibility -> Text,
        notice_version -> Nullable<Text>,
        notice_acknowledged_at -> Nullable<Timestamp>,
        state -> Text,
        open_reports -> BigInt,
        helpful -> BigInt,
        unhelpful -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    review_reactions (review_id, user_id) {
        review_id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    review_reports (review_id, user_id) {
        review_id -> BigInt,
        user_id -> BigInt,
        reason -> Text,
        detail -> Nullable<Text>,
        created_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    review_counts (medicine_id, rating) {
        medicine_id -> BigInt,
        rating -> Integer,
        shown -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    medicine_contents,
    documents,
    sync_staged,
    medicines,
    wishes
);
diesel::allow_tables_to_appear_in_same_query!(users, sessions, phone_verifications, sms_outbox);
diesel::allow_tables_to_appear_in_same_query!(users, image_uploads);
diesel::allow_tables_to_appear_in_same_query!(users, allergies);
diesel::allow_tables_to_appear_in_same_query!(account_security, users);
diesel::allow_tables_to_appear_in_same_query!(users, reviews, review_reactions, review_reports);
