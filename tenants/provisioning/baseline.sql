-- {"server": 18, "migrations": [["accounts", "0001_initial"], ["account", "0001_initial"], ["account", "0002_email_max_length"], ["account", "0003_alter_emailaddress_create_unique_verified_email"], ["account", "0004_alter_emailaddress_drop_unique_email"], ["account", "0005_emailaddress_idx_upper_email"], ["account", "0006_emailaddress_lower"], ["account", "0007_emailaddress_idx_email"], ["account", "0008_emailaddress_unique_primary_email_fixup"], ["account", "0009_emailaddress_unique_primary_email"], ["replication", "0001_journal"], ["replication", "0002_readers"], ["replication", "0003_lines_of_many_keys"], ["replication", "0004_offices"], ["accounts", "0002_history"], ["accounts", "0003_lines_of_made_rows"], ["accounts", "0004_roles_teams_modules"], ["accounts", "0005_capture_roles"], ["counterparties", "0001_initial"], ["counterparties", "0002_journal"], ["counterparties", "0003_office"], ["counterparties", "0004_customer_card"], ["counterparties", "0005_lines_of_made_rows"], ["counterparties", "0006_custom_values"], ["activities", "0001_initial"], ["activities", "0002_journal"], ["activities", "0003_followers_hear_changes"], ["activities", "0004_mentions"], ["activities", "0005_mentions_in_the_journal"], ["api", "0001_initial"], ["audit", "0001_initial"], ["audit", "0002_by_kind"], ["contenttypes", "0001_initial"], ["contenttypes", "0002_remove_content_type_name"], ["auth", "0001_initial"], ["auth", "0002_alter_permission_name_max_length"], ["auth", "0003_alter_user_email_max_length"], ["auth", "0004_alter_user_username_opts"], ["auth", "0005_alter_user_last_login_null"], ["auth", "0006_require_contenttypes_0002"], ["auth", "0007_alter_validators_add_error_messages"], ["auth", "0008_alter_user_username_max_length"], ["auth", "0009_alter_user_last_name_max_length"], ["auth", "0010_alter_group_name_max_length"], ["auth", "0011_update_proxy_permissions"], ["auth", "0012_alter_user_first_name_max_length"], ["axes", "0001_initial"], ["axes", "0002_auto_20151217_2044"], ["axes", "0003_auto_20160322_0929"], ["axes", "0004_auto_20181024_1538"], ["axes", "0005_remove_accessattempt_trusted"], ["axes", "0006_remove_accesslog_trusted"], ["axes", "0007_alter_accessattempt_unique_together"], ["axes", "0008_accessfailurelog"], ["axes", "0009_add_session_hash"], ["axes", "0010_accessattemptexpiration"], ["tenants", "0001_initial"], ["tenants", "0002_trigrams"], ["tenants", "0003_names_and_pool"], ["tenants", "0004_rendered_migrations"], ["tenants", "0005_folding"], ["catalog", "0001_initial"], ["catalog", "0002_journal"], ["catalog", "0003_journal_lines_of_many_keys"], ["catalog", "0004_rows_without_constraints"], ["catalog", "0005_directories"], ["catalog", "0006_history"], ["catalog", "0007_group_links_travel"], ["catalog", "0008_search_by_parts"], ["core", "0001_initial"], ["core", "0002_journal"], ["core", "0003_user_preference"], ["core", "0004_lines_of_made_rows"], ["core", "0005_lists"], ["core", "0006_tags"], ["core", "0007_journal_of_tags"], ["core", "0008_exports"], ["counterparties", "0007_customers"], ["counterparties", "0008_journal_of_customers"], ["custom", "0001_initial"], ["custom", "0002_journal"], ["custom", "0003_layouts"], ["custom", "0004_layouts_journal"], ["inventory", "0001_initial"], ["inventory", "0002_journal"], ["finance", "0001_initial"], ["finance", "0002_journal"], ["sales", "0001_initial"], ["sales", "0002_journal"], ["sales", "0003_journal_lines_of_many_keys"], ["sales", "0004_names_of_each_1c"], ["sales", "0005_status_in_1c"], ["sales", "0006_lines_of_made_rows"], ["deals", "0001_initial"], ["deals", "0002_journal"], ["duplicates", "0001_duplicates"], ["exchange", "0001_exchange_tables"], ["exchange", "0002_seen_keys"], ["exchange", "0003_journal"], ["finance", "0003_payment_by_day"], ["finance", "0004_lines_of_made_rows"], ["history", "0001_initial"], ["imports", "0001_imports"], ["inventory", "0003_journal_lines_of_many_keys"], ["mfa", "0001_initial"], ["mfa", "0002_authenticator_timestamps"], ["mfa", "0003_authenticator_type_uniq"], ["notifications", "0001_initial"], ["notifications", "0002_journal"], ["notifications", "0003_journal_lines_of_many_keys"], ["notifications", "0004_how_people_are_told"], ["notifications", "0005_journal_of_ways"], ["onboarding", "0001_demo_records"], ["portal", "0001_initial"], ["portal", "0002_journal"], ["replication", "0005_file_key"], ["reports", "0001_initial"], ["service", "0001_initial"], ["service", "0002_journal"], ["sessions", "0001_initial"], ["tenants", "0006_quicker_folding"], ["tenants", "0007_folding_without_patterns"], ["webforms", "0001_web_forms"], ["webhooks", "0001_initial"], ["reports", "0002_letter_is_handed_over_once"], ["mail", "0001_mail"], ["counterparties", "0009_register_and_erasure"], ["counterparties", "0010_journal_of_register_and_erasure"], ["mail", "0002_writing"], ["registers", "0001_initial"], ["retention", "0001_initial"], ["custom", "0005_computed_fields"], ["custom", "0006_journal_of_recipes"], ["catalog", "0009_custom_values"], ["catalog", "0010_journal_of_custom_values"], ["counterparties", "0011_days_of_the_year"], ["custom", "0007_names_in_1c"], ["custom", "0008_journal_of_names_in_1c"], ["mail", "0003_search_in_text"], ["reports", "0003_report_by_any_field"], ["reports", "0004_the_cost_says_so"], ["sales", "0007_custom_values"], ["sales", "0008_journal_of_custom_values"], ["activities", "0006_tags"], ["catalog", "0011_journal_of_the_cost"], ["core", "0009_former_views"], ["custom", "0009_personal_arrangements"], ["custom", "0010_journal_of_arrangements"], ["custom", "0011_take_arrangements_over"], ["deals", "0003_tags"], ["finance", "0005_custom_values"], ["finance", "0006_journal_of_custom_values"], ["history", "0002_row_change_of_part"], ["sales", "0009_tags"]]}
CREATE TABLE "account_emailaddress" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "email" character varying(254) NOT NULL, "verified" boolean NOT NULL, "primary" boolean NOT NULL, "user_id" uuid NOT NULL);
CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "created" timestamp with time zone NOT NULL, "sent" timestamp with time zone, "key" character varying(64) NOT NULL, "email_address_id" integer NOT NULL);
CREATE TABLE "accounts_accessrole" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(80) NOT NULL, "base" character varying(20) NOT NULL, "key" character varying(20) NOT NULL);
CREATE TABLE "accounts_companymodule" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "key" character varying(30) NOT NULL, "is_on" boolean NOT NULL, "seats" integer NOT NULL);
CREATE TABLE "accounts_rolefield" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "object" character varying(60) NOT NULL, "field" character varying(80) NOT NULL, "access" character varying(10) NOT NULL, "role_id" uuid NOT NULL);
CREATE TABLE "accounts_roleright" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "object" character varying(60) NOT NULL, "action" character varying(20) NOT NULL, "scope" smallint NOT NULL, "role_id" uuid NOT NULL);
CREATE TABLE "accounts_team" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(80) NOT NULL, "parent_id" uuid);
CREATE TABLE "accounts_user" ("password" character varying(128) NOT NULL, "last_login" timestamp with time zone, "id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "email" character varying(254) NOT NULL, "full_name" character varying(150) NOT NULL, "role" character varying(20) NOT NULL, "is_active" boolean NOT NULL, "language" character varying(5) NOT NULL, "time_zone" character varying(64) NOT NULL, "is_team_head" boolean NOT NULL, "office_id" uuid, "without_modules" jsonb NOT NULL, "access_role_id" uuid, "team_id" uuid);
CREATE TABLE "activities_activity" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "custom" jsonb NOT NULL, "kind" character varying(10) NOT NULL, "state" character varying(10) NOT NULL, "subject" character varying(250) NOT NULL, "text" text NOT NULL, "place" character varying(250) NOT NULL, "importance" character varying(10) NOT NULL, "starts_at" timestamp with time zone, "due_at" timestamp with time zone, "ends_at" timestamp with time zone, "is_all_day" boolean NOT NULL, "remind_at" timestamp with time zone, "remind_rule" character varying(200) NOT NULL, "recurrence" character varying(200) NOT NULL, "series" uuid, "completed_at" timestamp with time zone, "result" text NOT NULL, "is_archived" boolean NOT NULL, "source" character varying(80) NOT NULL, "planned_at" timestamp with time zone, "at" timestamp with time zone NOT NULL, "late_told_at" timestamp with time zone, "completed_by_id" uuid, "counterparty_id" uuid, "giver_id" uuid, "owner_id" uuid, "tags" jsonb NOT NULL);
CREATE TABLE "activities_activitylink" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(40) NOT NULL, "key" uuid NOT NULL, "activity_id" uuid NOT NULL);
CREATE TABLE "activities_activityperson" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "role" character varying(12) NOT NULL, "activity_id" uuid NOT NULL, "user_id" uuid NOT NULL);
CREATE TABLE "activities_comment" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "text" text NOT NULL, "activity_id" uuid NOT NULL, "author_id" uuid);
CREATE TABLE "activities_follower" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(40) NOT NULL, "key" uuid NOT NULL, "user_id" uuid NOT NULL, "seen_change" bigint NOT NULL);
CREATE TABLE "activities_mention" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "activity_id" uuid NOT NULL, "author_id" uuid, "comment_id" uuid, "user_id" uuid NOT NULL);
CREATE TABLE "api_apireplay" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "owner" uuid NOT NULL, "key" character varying(200) NOT NULL, "fingerprint" character varying(64) NOT NULL, "status" smallint NOT NULL, "body" jsonb, "etag" character varying(60) NOT NULL, "created_at" timestamp with time zone NOT NULL);
CREATE TABLE "api_apitoken" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "prefix" character varying(12) NOT NULL, "digest" character varying(64) NOT NULL, "scopes" jsonb NOT NULL, "expires_at" timestamp with time zone, "used_at" timestamp with time zone, "revoked_at" timestamp with time zone, "user_id" uuid NOT NULL);
CREATE TABLE "audit_securityevent" ("id" uuid NOT NULL, "at" timestamp with time zone NOT NULL, "kind" character varying(60) NOT NULL, "login" character varying(200) NOT NULL, "address" inet, "detail" jsonb NOT NULL);
CREATE TABLE "auth_group" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "name" character varying(150) NOT NULL);
CREATE TABLE "auth_group_permissions" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "group_id" integer NOT NULL, "permission_id" integer NOT NULL);
CREATE TABLE "auth_permission" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "name" character varying(255) NOT NULL, "content_type_id" integer NOT NULL, "codename" character varying(100) NOT NULL);
CREATE TABLE "axes_accessattempt" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "user_agent" character varying(255) NOT NULL, "ip_address" inet, "username" character varying(255), "http_accept" character varying(1025) NOT NULL, "path_info" character varying(255) NOT NULL, "attempt_time" timestamp with time zone NOT NULL, "get_data" text NOT NULL, "post_data" text NOT NULL, "failures_since_start" integer NOT NULL);
CREATE TABLE "axes_accessattemptexpiration" ("access_attempt_id" integer NOT NULL, "expires_at" timestamp with time zone NOT NULL);
CREATE TABLE "axes_accessfailurelog" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "user_agent" character varying(255) NOT NULL, "ip_address" inet, "username" character varying(255), "http_accept" character varying(1025) NOT NULL, "path_info" character varying(255) NOT NULL, "attempt_time" timestamp with time zone NOT NULL, "locked_out" boolean NOT NULL);
CREATE TABLE "axes_accesslog" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "user_agent" character varying(255) NOT NULL, "ip_address" inet, "username" character varying(255), "http_accept" character varying(1025) NOT NULL, "path_info" character varying(255) NOT NULL, "attempt_time" timestamp with time zone NOT NULL, "logout_time" timestamp with time zone, "session_hash" character varying(64) NOT NULL);
CREATE TABLE "catalog_arrivedfile" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid NOT NULL, "path" character varying(500) NOT NULL, "digest" character varying(64) NOT NULL, "size" bigint NOT NULL);
CREATE TABLE "catalog_characteristic" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(500) NOT NULL, "article" character varying(100) NOT NULL, "barcode" character varying(50) NOT NULL, "values" jsonb NOT NULL, "product_id" uuid NOT NULL);
CREATE TABLE "catalog_directoryentry" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "directory_ref" character varying(120) NOT NULL, "directory_name" character varying(250) NOT NULL, "name" character varying(500) NOT NULL, "values" jsonb NOT NULL);
CREATE TABLE "catalog_price" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "amount" numeric(18,4) NOT NULL, "currency" character varying(3) NOT NULL, "unit" character varying(50) NOT NULL, "coefficient" numeric(15,5) NOT NULL, "characteristic_id" uuid, "price_type_id" uuid NOT NULL, "product_id" uuid NOT NULL);
CREATE TABLE "catalog_pricetype" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(250) NOT NULL, "currency" character varying(3) NOT NULL, "is_tax_included" boolean NOT NULL, "is_default" boolean NOT NULL, "is_cost" boolean NOT NULL DEFAULT false);
CREATE TABLE "catalog_product" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(500) NOT NULL, "full_name" text NOT NULL, "code" character varying(50) NOT NULL, "article" character varying(100) NOT NULL, "barcode" character varying(50) NOT NULL, "description" text NOT NULL, "manufacturer" character varying(250) NOT NULL, "country" character varying(100) NOT NULL, "kind" character varying(250) NOT NULL, "is_service" boolean NOT NULL, "tax_rate" numeric(5,2), "weight" numeric(15,3), "attributes" jsonb NOT NULL, "catalog_ref" character varying(120) NOT NULL, "sort_name" character varying(500) NOT NULL, "group_id" uuid, "unit_id" uuid, "search_text" text GENERATED ALWAYS AS ((' '::text || kopru_fold((((((((name)::text || ' '::text) || (article)::text) || ' '::text) || (code)::text) || ' '::text) || (barcode)::text)))) STORED, "custom" jsonb NOT NULL DEFAULT '{}'::jsonb);
CREATE TABLE "catalog_productcategory" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(250) NOT NULL);
CREATE TABLE "catalog_productfile" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "path" character varying(500) NOT NULL, "description" character varying(500) NOT NULL, "is_picture" boolean NOT NULL, "position" smallint NOT NULL, "digest" character varying(64) NOT NULL, "size" bigint NOT NULL, "product_id" uuid NOT NULL);
CREATE TABLE "catalog_productgroup" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "parent_ref" character varying(120) NOT NULL, "name" character varying(250) NOT NULL, "position" integer NOT NULL, "parent_id" uuid);
CREATE TABLE "catalog_productgrouplink" ("group_id" uuid NOT NULL, "product_id" uuid NOT NULL, "id" uuid NOT NULL);
CREATE TABLE "catalog_productpropertyvalue" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "value" text NOT NULL, "product_id" uuid NOT NULL, "property_id" uuid NOT NULL, "option_id" uuid);
CREATE TABLE "catalog_property" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(250) NOT NULL, "value_type" character varying(10) NOT NULL, "is_multiple" boolean NOT NULL);
CREATE TABLE "catalog_propertyoption" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "value" text NOT NULL, "property_id" uuid NOT NULL);
CREATE TABLE "catalog_unit" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "code" character varying(10) NOT NULL, "name" character varying(50) NOT NULL, "full_name" character varying(150) NOT NULL, "international" character varying(10) NOT NULL);
CREATE TABLE "core_bulkjob" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(60) NOT NULL, "user_id" uuid NOT NULL, "field" character varying(80) NOT NULL, "how" character varying(10) NOT NULL, "value" jsonb NOT NULL, "list_key" character varying(60) NOT NULL, "address" text NOT NULL, "state" character varying(10) NOT NULL, "total" integer NOT NULL, "done" integer NOT NULL, "refused" integer NOT NULL, "reasons" jsonb NOT NULL);
CREATE TABLE "core_bulkrow" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "row_id" uuid NOT NULL, "state" character varying(10) NOT NULL, "former" jsonb, "after_at" timestamp with time zone, "job_id" uuid NOT NULL);
CREATE TABLE "core_companysettings" ("id" smallint NOT NULL, "stock_check" character varying(10) NOT NULL, "has_demo_data" boolean NOT NULL);
CREATE TABLE "core_exportjob" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "user_id" uuid NOT NULL, "list_key" character varying(60) NOT NULL, "title" character varying(120) NOT NULL, "address" text NOT NULL, "columns" jsonb NOT NULL, "kind" character varying(4) NOT NULL, "state" character varying(10) NOT NULL, "total" integer NOT NULL, "done" integer NOT NULL, "file" character varying(200) NOT NULL, "size" bigint NOT NULL, "ended_at" timestamp with time zone, "schedule_id" uuid);
CREATE TABLE "core_exportschedule" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "user_id" uuid NOT NULL, "list_key" character varying(60) NOT NULL, "title" character varying(120) NOT NULL, "address" text NOT NULL, "view_id" uuid, "columns" jsonb NOT NULL, "kind" character varying(4) NOT NULL, "every" character varying(5) NOT NULL, "weekday" smallint NOT NULL, "hour" smallint NOT NULL, "next_at" timestamp with time zone NOT NULL, "is_active" boolean NOT NULL);
CREATE TABLE "core_formerview" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "view_id" uuid NOT NULL, "list_key" character varying(60) NOT NULL, "name" character varying(80) NOT NULL, "address" text NOT NULL, "sharing" character varying(10) NOT NULL, "user_id" uuid NOT NULL, "team_id" uuid, "is_default" boolean NOT NULL, "position" integer NOT NULL, "changed_by_id" uuid NOT NULL, "changed_at" timestamp with time zone NOT NULL, "followed_by" timestamp with time zone);
CREATE TABLE "core_organization" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(250) NOT NULL, "full_name" character varying(500) NOT NULL, "tax_number" character varying(20) NOT NULL, "tax_reason_code" character varying(9) NOT NULL, "registration_number" character varying(20) NOT NULL, "address" character varying(500) NOT NULL, "phone" character varying(50) NOT NULL, "email" character varying(254) NOT NULL, "director" character varying(150) NOT NULL, "accountant" character varying(150) NOT NULL, "bank_name" character varying(250) NOT NULL, "bank_code" character varying(20) NOT NULL, "bank_account" character varying(40) NOT NULL, "correspondent_account" character varying(40) NOT NULL, "invoice_prefix" character varying(4) NOT NULL, "is_default" boolean NOT NULL);
CREATE TABLE "core_remembered" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "user_id" uuid NOT NULL, "url" character varying(2000) NOT NULL, "title" character varying(120) NOT NULL, "icon" character varying(40) NOT NULL, "is_pinned" boolean NOT NULL, "seen_at" timestamp with time zone NOT NULL);
CREATE TABLE "core_savedview" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "list_key" character varying(60) NOT NULL, "name" character varying(80) NOT NULL, "address" text NOT NULL, "sharing" character varying(10) NOT NULL, "user_id" uuid NOT NULL, "team_id" uuid, "is_default" boolean NOT NULL, "position" integer NOT NULL);
CREATE TABLE "core_tag" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(60) NOT NULL, "folded_name" character varying(60) NOT NULL, "colour" smallint NOT NULL);
CREATE TABLE "core_userpreference" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "user_id" uuid NOT NULL, "key" character varying(80) NOT NULL, "value" jsonb NOT NULL);
CREATE TABLE "counterparties_attachment" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(40) NOT NULL, "key" uuid NOT NULL, "name" character varying(200) NOT NULL, "version" smallint NOT NULL, "digest" character varying(64) NOT NULL, "size" bigint NOT NULL, "content_type" character varying(100) NOT NULL, "is_archived" boolean NOT NULL, "author_id" uuid, "counterparty_id" uuid);
CREATE TABLE "counterparties_bankaccount" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "number" character varying(40) NOT NULL, "bank_name" character varying(250) NOT NULL, "bank_code" character varying(20) NOT NULL, "correspondent_account" character varying(40) NOT NULL, "counterparty_id" uuid NOT NULL);
CREATE TABLE "counterparties_consent" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "given_on" date NOT NULL, "text_version" character varying(100) NOT NULL, "channel" character varying(100) NOT NULL, "withdrawn_on" date, "counterparty_id" uuid NOT NULL, "person_id" uuid);
CREATE TABLE "counterparties_contactperson" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "full_name" character varying(150) NOT NULL, "job_title" character varying(150) NOT NULL, "phone" character varying(50) NOT NULL, "email" character varying(254) NOT NULL, "counterparty_id" uuid NOT NULL, "custom" jsonb NOT NULL, "born_on" date, "comment" text NOT NULL, "further_contacts" text NOT NULL, "is_archived" boolean NOT NULL, "preferences" text NOT NULL, "tags" jsonb NOT NULL, "search_text" text GENERATED ALWAYS AS ((((' '::text || kopru_fold((((((((full_name)::text || ' '::text) || (email)::text) || ' '::text) || (job_title)::text) || ' '::text) || further_contacts))) || ' '::text) || kopru_digits((phone)::text))) STORED);
CREATE TABLE "counterparties_contactpoint" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(10) NOT NULL, "label" character varying(40) NOT NULL, "value" character varying(500) NOT NULL, "normalized" character varying(254) NOT NULL, "counterparty_id" uuid NOT NULL, "person_id" uuid);
CREATE TABLE "counterparties_contactrole" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "role" character varying(150) NOT NULL, "counterparty_id" uuid NOT NULL, "person_id" uuid NOT NULL);
CREATE TABLE "counterparties_counterparty" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "kind" character varying(10) NOT NULL, "name" character varying(250) NOT NULL, "full_name" character varying(500) NOT NULL, "tax_number" character varying(20) NOT NULL, "tax_reason_code" character varying(9) NOT NULL, "registration_number" character varying(20) NOT NULL, "address" character varying(500) NOT NULL, "legal_address" character varying(500) NOT NULL, "phone" character varying(50) NOT NULL, "email" character varying(254) NOT NULL, "comment" text NOT NULL, "sort_name" character varying(250) NOT NULL, "responsible_id" uuid, "office_id" uuid, "card_number" character varying(40) NOT NULL, "custom" jsonb NOT NULL, "further_contacts" text NOT NULL, "parent_id" uuid, "is_competitor" boolean NOT NULL, "is_customer" boolean NOT NULL, "is_partner" boolean NOT NULL, "is_supplier" boolean NOT NULL, "is_vip" boolean NOT NULL, "preferences" text NOT NULL, "rejected_because" character varying(200) NOT NULL, "source" character varying(80) NOT NULL, "status" character varying(10) NOT NULL, "tags" jsonb NOT NULL, "website" character varying(200) NOT NULL, "search_text" text GENERATED ALWAYS AS ((((' '::text || kopru_fold((((((((((((name)::text || ' '::text) || (full_name)::text) || ' '::text) || (tax_number)::text) || ' '::text) || (email)::text) || ' '::text) || (card_number)::text) || ' '::text) || further_contacts))) || ' '::text) || kopru_digits((phone)::text))) STORED, "register_state" character varying(15) NOT NULL DEFAULT ''::character varying, "register_told_at" timestamp with time zone, "erased_at" timestamp with time zone);
CREATE TABLE "counterparties_handover" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "keys" jsonb NOT NULL, "undone_at" timestamp with time zone, "author_id" uuid, "giver_id" uuid NOT NULL, "receiver_id" uuid NOT NULL);
CREATE TABLE "counterparties_importantdate" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(15) NOT NULL, "label" character varying(100) NOT NULL, "on" date NOT NULL, "is_yearly" boolean NOT NULL, "counterparty_id" uuid NOT NULL);
CREATE TABLE "custom_cardlayout" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(60) NOT NULL, "role" character varying(40) NOT NULL, "value" jsonb NOT NULL);
CREATE TABLE "custom_customfield" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(60) NOT NULL, "key" character varying(42) NOT NULL, "label" character varying(100) NOT NULL, "type" character varying(20) NOT NULL, "choices" jsonb NOT NULL, "related" character varying(60) NOT NULL, "is_required" boolean NOT NULL, "is_unique" boolean NOT NULL, "default" jsonb, "help" character varying(200) NOT NULL, "position" integer NOT NULL, "is_archived" boolean NOT NULL, "recipe" jsonb NOT NULL, "name_1c" character varying(100) NOT NULL);
CREATE TABLE "custom_customobject" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "key" character varying(42) NOT NULL, "label" character varying(60) NOT NULL, "label_plural" character varying(60) NOT NULL, "icon" character varying(40) NOT NULL, "has_counterparty" boolean NOT NULL, "is_archived" boolean NOT NULL, "directory_1c" character varying(250) NOT NULL);
CREATE TABLE "custom_customrow" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "custom" jsonb NOT NULL, "name" character varying(250) NOT NULL, "sort_name" character varying(250) NOT NULL, "counterparty_id" uuid, "kind_id" uuid NOT NULL, "responsible_id" uuid);
CREATE TABLE "custom_menulayout" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "role" character varying(40) NOT NULL, "entries" jsonb NOT NULL);
CREATE TABLE "custom_personalarrangement" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "user_id" uuid NOT NULL, "key" character varying(80) NOT NULL, "value" jsonb);
CREATE TABLE "deals_deal" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "custom" jsonb NOT NULL, "name" character varying(250) NOT NULL, "search_name" character varying(500) NOT NULL, "stage_since" timestamp with time zone NOT NULL, "opened_at" timestamp with time zone NOT NULL, "closed_at" timestamp with time zone, "touched_at" timestamp with time zone NOT NULL, "amount" numeric(18,2) NOT NULL, "currency" character varying(3) NOT NULL, "is_tax_included" boolean NOT NULL, "expected_on" date, "source" character varying(20) NOT NULL, "loss_comment" character varying(500) NOT NULL, "contract" character varying(100) NOT NULL, "comment" text NOT NULL, "is_archived" boolean NOT NULL, "counterparty_id" uuid NOT NULL, "owner_id" uuid, "price_type_id" uuid, "loss_reason_id" uuid, "pipeline_id" uuid NOT NULL, "stage_id" uuid NOT NULL, "tags" jsonb NOT NULL);
CREATE TABLE "deals_dealinvoice" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "deal_id" uuid NOT NULL, "invoice_id" uuid NOT NULL);
CREATE TABLE "deals_dealline" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "position" smallint NOT NULL, "name" character varying(500) NOT NULL, "article" character varying(100) NOT NULL, "unit" character varying(50) NOT NULL, "quantity" numeric(18,3) NOT NULL, "price" numeric(18,4) NOT NULL, "discount_percent" numeric(5,2) NOT NULL, "tax_rate" numeric(5,2), "total" numeric(18,2) NOT NULL, "tax" numeric(18,2) NOT NULL, "characteristic_id" uuid, "deal_id" uuid NOT NULL, "product_id" uuid);
CREATE TABLE "deals_dealmember" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "role" character varying(10) NOT NULL, "deal_id" uuid NOT NULL, "user_id" uuid NOT NULL);
CREATE TABLE "deals_dealparticipant" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "role" character varying(10) NOT NULL, "deal_id" uuid NOT NULL, "person_id" uuid NOT NULL);
CREATE TABLE "deals_dealsettings" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "discount_limit" numeric(5,2) NOT NULL, "quotation_days" smallint NOT NULL, "quotation_terms" text NOT NULL);
CREATE TABLE "deals_lossreason" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "position" smallint NOT NULL, "is_archived" boolean NOT NULL);
CREATE TABLE "deals_pipeline" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "position" smallint NOT NULL, "is_default" boolean NOT NULL, "is_archived" boolean NOT NULL);
CREATE TABLE "deals_quotation" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "number" character varying(20) NOT NULL, "issued_on" date NOT NULL, "valid_until" date NOT NULL, "currency" character varying(3) NOT NULL, "is_tax_included" boolean NOT NULL, "total" numeric(18,2) NOT NULL, "tax_total" numeric(18,2) NOT NULL, "terms" text NOT NULL, "status" character varying(10) NOT NULL, "decided_at" timestamp with time zone, "decision" character varying(500) NOT NULL, "sent_at" timestamp with time zone, "sent_to" character varying(254) NOT NULL, "mail_problem" character varying(200) NOT NULL, "answered_at" timestamp with time zone, "author_id" uuid, "deal_id" uuid NOT NULL, "decided_by_id" uuid, "invoice_id" uuid, "organization_id" uuid NOT NULL);
CREATE TABLE "deals_quotationline" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "position" smallint NOT NULL, "name" character varying(500) NOT NULL, "article" character varying(100) NOT NULL, "unit" character varying(50) NOT NULL, "quantity" numeric(18,3) NOT NULL, "price" numeric(18,4) NOT NULL, "discount_percent" numeric(5,2) NOT NULL, "tax_rate" numeric(5,2), "total" numeric(18,2) NOT NULL, "tax" numeric(18,2) NOT NULL, "characteristic_id" uuid, "product_id" uuid, "quotation_id" uuid NOT NULL);
CREATE TABLE "deals_quotationnumber" ("year" smallint NOT NULL, "latest" integer NOT NULL);
CREATE TABLE "deals_salesplan" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "month" date NOT NULL, "amount" numeric(18,2) NOT NULL, "currency" character varying(3) NOT NULL, "user_id" uuid);
CREATE TABLE "deals_stage" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "position" smallint NOT NULL, "kind" character varying(5) NOT NULL, "probability" smallint NOT NULL, "rotting_days" smallint, "most_deals" smallint, "required_fields" jsonb NOT NULL, "makes" character varying(10) NOT NULL, "enters_on" character varying(20) NOT NULL, "is_archived" boolean NOT NULL, "pipeline_id" uuid NOT NULL);
CREATE TABLE "deals_stagemove" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "at" timestamp with time zone NOT NULL, "by_id" uuid, "deal_id" uuid NOT NULL, "former_id" uuid, "stage_id" uuid NOT NULL);
CREATE TABLE "django_content_type" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "app_label" character varying(100) NOT NULL, "model" character varying(100) NOT NULL);
CREATE TABLE "django_migrations" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "app" character varying(255) NOT NULL, "name" character varying(255) NOT NULL, "applied" timestamp with time zone NOT NULL);
CREATE TABLE "django_session" ("session_key" character varying(40) NOT NULL, "session_data" text NOT NULL, "expire_date" timestamp with time zone NOT NULL);
CREATE TABLE "duplicates_duplicatepair" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(80) NOT NULL, "first" uuid NOT NULL, "second" uuid NOT NULL, "score" smallint NOT NULL, "reasons" jsonb NOT NULL, "state" character varying(10) NOT NULL, "decided_at" timestamp with time zone, "decided_by_id" uuid);
CREATE TABLE "duplicates_merge" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(80) NOT NULL, "kept" uuid NOT NULL, "title" character varying(250) NOT NULL, "former_titles" jsonb NOT NULL, "before" jsonb NOT NULL, "rows" jsonb NOT NULL, "moved" jsonb NOT NULL, "removed" jsonb NOT NULL, "undone_at" timestamp with time zone, "by_id" uuid);
CREATE TABLE "duplicates_mergedrow" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "kind" character varying(80) NOT NULL, "key" uuid NOT NULL, "kept" uuid NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "merge_id" uuid NOT NULL);
CREATE TABLE "duplicates_search" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(80) NOT NULL, "is_running" boolean NOT NULL, "found" integer NOT NULL, "row_count" integer NOT NULL, "finished_at" timestamp with time zone);
CREATE TABLE "exchange_exchangesession" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "subject" character varying(10) NOT NULL, "state" character varying(20) NOT NULL, "is_open" boolean NOT NULL, "is_manual" boolean NOT NULL, "is_cancelled" boolean NOT NULL, "full" jsonb NOT NULL, "full_by_request" boolean NOT NULL, "author" uuid, "started_at" timestamp with time zone, "latest_contact_at" timestamp with time zone NOT NULL, "queued_at" timestamp with time zone, "closed_at" timestamp with time zone, "finished_at" timestamp with time zone, "progress_current" bigint NOT NULL, "progress_total" bigint NOT NULL, "progress_file" character varying(300) NOT NULL, "counts" jsonb NOT NULL, "closing_counts" jsonb NOT NULL, "problem_count" integer NOT NULL, "sent_documents" integer NOT NULL, "cause" character varying(40) NOT NULL, "cause_values" jsonb NOT NULL, "repeats_id" uuid, "node_id" uuid NOT NULL);
CREATE TABLE "exchange_filepart" ("id" uuid NOT NULL, "number" integer NOT NULL, "size" bigint NOT NULL, "stored_as" character varying(200) NOT NULL, "file_id" uuid NOT NULL);
CREATE TABLE "exchange_node" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "kind" character varying(10) NOT NULL, "login" character varying(60) NOT NULL, "password" character varying(200) NOT NULL, "password_set_at" timestamp with time zone, "is_active" boolean NOT NULL, "file_limit" integer NOT NULL, "accepts_zip" boolean NOT NULL, "settings" jsonb NOT NULL, "first_contact_at" timestamp with time zone, "latest_contact_at" timestamp with time zone, "latest_address" inet, "user_agent" character varying(200) NOT NULL, "acknowledged_position" text NOT NULL, "acknowledged_query_at" timestamp with time zone);
CREATE TABLE "exchange_parkedrow" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "rank" integer NOT NULL, "row_type" character varying(40) NOT NULL, "key" character varying(400) NOT NULL, "body" jsonb NOT NULL, "file_name" character varying(300) NOT NULL, "catalog_ref" character varying(120) NOT NULL, "node_id" uuid NOT NULL, "session_id" uuid);
CREATE TABLE "exchange_seenkeys" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "node_id" uuid NOT NULL, "session_id" uuid NOT NULL, "kind" character varying(20) NOT NULL, "catalog_ref" character varying(120) NOT NULL, "keys" uuid[] NOT NULL);
CREATE TABLE "exchange_sessionproblem" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "code" character varying(40) NOT NULL, "file_name" character varying(300) NOT NULL, "line" integer NOT NULL, "element" character varying(300) NOT NULL, "value" character varying(200) NOT NULL, "ref" character varying(120) NOT NULL, "name" character varying(250) NOT NULL, "kept" character varying(40) NOT NULL, "session_id" uuid NOT NULL, "file_id" uuid);
CREATE TABLE "exchange_upload" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "cookie" uuid NOT NULL, "subject" character varying(10) NOT NULL, "version" character varying(10) NOT NULL, "cml_version" character varying(10) NOT NULL, "latest_contact_at" timestamp with time zone NOT NULL, "pending_position" text NOT NULL, "queried_at" timestamp with time zone, "query_count" integer NOT NULL, "node_id" uuid NOT NULL, "session_id" uuid);
CREATE TABLE "exchange_uploadedfile" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "is_current" boolean NOT NULL, "position" integer NOT NULL, "name" character varying(300) NOT NULL, "kind" character varying(5) NOT NULL, "size" bigint NOT NULL, "sha256" character varying(64) NOT NULL, "state" character varying(10) NOT NULL, "attempts" smallint NOT NULL, "is_requested" boolean NOT NULL, "requested_at" timestamp with time zone, "started_at" timestamp with time zone, "finished_at" timestamp with time zone, "counts" jsonb NOT NULL, "headers" jsonb NOT NULL, "problem_count" integer NOT NULL, "cause" character varying(40) NOT NULL, "cause_values" jsonb NOT NULL, "is_purged" boolean NOT NULL, "container_id" uuid, "session_id" uuid NOT NULL, "upload_id" uuid NOT NULL);
CREATE TABLE "finance_payment" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "number" character varying(50) NOT NULL, "paid_on" date NOT NULL, "kind" character varying(10) NOT NULL, "amount" numeric(18,2) NOT NULL, "currency" character varying(3) NOT NULL, "purpose" character varying(500) NOT NULL, "is_posted" boolean NOT NULL, "counterparty_id" uuid, "custom" jsonb NOT NULL);
CREATE TABLE "history_rowchange" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "line" bigint NOT NULL, "table" character varying(63) NOT NULL, "key" uuid NOT NULL, "owner" uuid NOT NULL, "operation" character varying(1) NOT NULL, "changed" jsonb, "author" uuid, "origin" uuid, "cause" character varying(100) NOT NULL, "moment" timestamp with time zone NOT NULL);
CREATE TABLE "imports_importedrow" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "kind" character varying(80) NOT NULL, "key" uuid NOT NULL, "number" integer NOT NULL, "is_new" boolean NOT NULL, "before" jsonb, "written_at" timestamp with time zone, "is_kept" boolean NOT NULL, "run_id" uuid NOT NULL);
CREATE TABLE "imports_importline" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "number" integer NOT NULL, "cells" text[] NOT NULL, "values" jsonb, "outcome" character varying(6) NOT NULL, "target" uuid, "problems" jsonb NOT NULL, "run_id" uuid NOT NULL);
CREATE TABLE "imports_importrun" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(80) NOT NULL, "file_name" character varying(250) NOT NULL, "stored_as" character varying(200) NOT NULL, "size" bigint NOT NULL, "state" character varying(10) NOT NULL, "options" jsonb NOT NULL, "headings" jsonb NOT NULL, "samples" jsonb NOT NULL, "mapping" jsonb NOT NULL, "meanings" jsonb NOT NULL, "settings" jsonb NOT NULL, "counts" jsonb NOT NULL, "unknown" jsonb NOT NULL, "row_count" integer NOT NULL, "position" integer NOT NULL, "before_count" integer, "after_count" integer, "failure" jsonb NOT NULL, "begun_at" timestamp with time zone, "finished_at" timestamp with time zone, "by_id" uuid);
CREATE TABLE "imports_knownmapping" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(80) NOT NULL, "fingerprint" character varying(64) NOT NULL, "mapping" jsonb NOT NULL, "meanings" jsonb NOT NULL, "settings" jsonb NOT NULL);
CREATE TABLE "inventory_stockbalance" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "quantity" numeric(18,3) NOT NULL, "characteristic_id" uuid, "product_id" uuid NOT NULL, "warehouse_id" uuid NOT NULL);
CREATE TABLE "inventory_warehouse" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "name" character varying(250) NOT NULL, "address" character varying(500) NOT NULL, "is_total" boolean NOT NULL);
CREATE TABLE "mail_ignoredsender" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "address" character varying(254) NOT NULL, "author_id" uuid, "mailbox_id" uuid NOT NULL);
CREATE TABLE "mail_mailbox" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "address" character varying(254) NOT NULL, "shares_matched" boolean NOT NULL, "imap_host" character varying(200) NOT NULL, "imap_port" integer NOT NULL, "is_tls" boolean NOT NULL, "login" character varying(200) NOT NULL, "secret" bytea NOT NULL, "is_paused" boolean NOT NULL, "read_at" timestamp with time zone, "problem" character varying(20) NOT NULL, "problem_detail" character varying(300) NOT NULL, "owner_id" uuid, "keeps_sent" boolean NOT NULL, "send_problem" character varying(20) NOT NULL, "send_problem_detail" character varying(300) NOT NULL, "smtp_host" character varying(200) NOT NULL, "smtp_is_tls" boolean NOT NULL, "smtp_port" integer NOT NULL);
CREATE TABLE "mail_mailfile" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "place" smallint NOT NULL, "name" character varying(200) NOT NULL, "digest" character varying(64) NOT NULL, "size" bigint NOT NULL, "content_type" character varying(100) NOT NULL, "message_id" uuid NOT NULL);
CREATE TABLE "mail_mailfolder" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(250) NOT NULL, "uidvalidity" bigint NOT NULL, "latest_uid" bigint NOT NULL, "mailbox_id" uuid NOT NULL);
CREATE TABLE "mail_maillink" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(40) NOT NULL, "key" uuid NOT NULL, "at" timestamp with time zone NOT NULL, "counterparty_id" uuid NOT NULL, "message_id" uuid NOT NULL);
CREATE TABLE "mail_mailmessage" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "message_id" character varying(250) NOT NULL, "sent_at" timestamp with time zone NOT NULL, "subject" character varying(500) NOT NULL, "from_name" character varying(200) NOT NULL, "from_address" character varying(254) NOT NULL, "to_addresses" jsonb NOT NULL, "text" text NOT NULL, "is_outgoing" boolean NOT NULL, "problem" character varying(10) NOT NULL, "is_automatic" boolean NOT NULL, "references" jsonb NOT NULL, "reply_address" character varying(254) NOT NULL, "thread" character varying(250) NOT NULL, "search_text" text GENERATED ALWAYS AS ((' '::text || kopru_fold((((((((subject)::text || ' '::text) || (from_name)::text) || ' '::text) || (from_address)::text) || ' '::text) || text)))) STORED);
CREATE TABLE "mail_mailplace" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "uidvalidity" bigint NOT NULL, "uid" bigint NOT NULL, "folder_id" uuid NOT NULL, "message_id" uuid NOT NULL);
CREATE TABLE "mail_mailsending" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "to" jsonb NOT NULL, "cc" jsonb NOT NULL, "in_reply_to" character varying(250) NOT NULL, "state" character varying(10) NOT NULL, "leaves_at" timestamp with time zone NOT NULL, "sending_at" timestamp with time zone, "ended_at" timestamp with time zone, "attempts" smallint NOT NULL, "refused" jsonb NOT NULL, "problem" character varying(20) NOT NULL, "problem_detail" character varying(300) NOT NULL, "copied_at" timestamp with time zone, "author_id" uuid, "mailbox_id" uuid NOT NULL, "message_id" uuid NOT NULL);
CREATE TABLE "mfa_authenticator" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "type" character varying(20) NOT NULL, "data" jsonb NOT NULL, "user_id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "last_used_at" timestamp with time zone);
CREATE TABLE "notifications_noticesettings" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "channels" jsonb NOT NULL, "quiet_from" time without time zone, "quiet_until" time without time zone, "is_weekend_quiet" boolean NOT NULL, "digest_at" time without time zone NOT NULL, "digest_sent_on" date, "user_id" uuid NOT NULL);
CREATE TABLE "notifications_notification" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(50) NOT NULL, "values" jsonb NOT NULL, "url" character varying(300) NOT NULL, "read_at" timestamp with time zone, "user_id" uuid NOT NULL, "is_for_browser" boolean NOT NULL, "is_for_digest" boolean NOT NULL, "is_in_bell" boolean NOT NULL, "mail_at" timestamp with time zone);
CREATE TABLE "onboarding_demorecord" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "label" character varying(60) NOT NULL, "object_id" uuid NOT NULL);
CREATE TABLE "portal_portallink" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "digest" character varying(64) NOT NULL, "shows" jsonb NOT NULL, "language" character varying(5) NOT NULL, "expires_at" timestamp with time zone NOT NULL, "revoked_at" timestamp with time zone, "used_at" timestamp with time zone, "author_id" uuid, "counterparty_id" uuid NOT NULL, "person_id" uuid NOT NULL);
CREATE TABLE "portal_portalmessage" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(40) NOT NULL, "key" uuid NOT NULL, "text" text NOT NULL, "author_id" uuid, "counterparty_id" uuid NOT NULL, "person_id" uuid);
CREATE TABLE "registers_registeraccess" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "register" character varying(20) NOT NULL, "secret" bytea NOT NULL);
CREATE TABLE "replication_alias" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "table" character varying(63) NOT NULL, "former" uuid NOT NULL, "key" uuid NOT NULL);
CREATE TABLE "replication_branchnode" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "side" character varying(6) NOT NULL, "name" character varying(100) NOT NULL, "prefix" character varying(2) NOT NULL, "state" character varying(12) NOT NULL, "scope" jsonb NOT NULL, "schedule" jsonb NOT NULL, "number_block" smallint NOT NULL, "seats" smallint NOT NULL, "join_code_digest" character varying(64) NOT NULL, "join_code_until" timestamp with time zone, "incarnation" uuid NOT NULL, "public_key" bytea NOT NULL, "private_key" bytea NOT NULL, "address" character varying(300) NOT NULL, "company_id" uuid, "sent_number" bigint NOT NULL, "acknowledged_number" bigint NOT NULL, "received_number" bigint NOT NULL, "is_within_batch" boolean NOT NULL, "position" text NOT NULL, "acknowledged_position" text NOT NULL, "scope_sent" jsonb, "whole_sent" jsonb NOT NULL, "clock_offset" double precision NOT NULL, "met_at" timestamp with time zone, "tried_at" timestamp with time zone, "fault" character varying(300) NOT NULL, "told" jsonb NOT NULL, "file_key" bytea NOT NULL);
CREATE TABLE "replication_conflict" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "kind" character varying(10) NOT NULL, "table" character varying(63) NOT NULL, "key" uuid NOT NULL, "other_key" uuid, "column" character varying(63) NOT NULL, "base" jsonb, "centre" jsonb, "branch" jsonb, "centre_author" uuid, "branch_author" uuid, "centre_at" timestamp with time zone, "branch_at" timestamp with time zone, "winner" character varying(6) NOT NULL, "policy" character varying(10) NOT NULL, "number" bigint NOT NULL, "is_open" boolean NOT NULL, "resolved_by" uuid, "resolved_at" timestamp with time zone, "taken" character varying(6) NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_departed" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "table" character varying(63) NOT NULL, "key" uuid NOT NULL, "number" bigint NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_journal" ("id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY, "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(), "moment" timestamp with time zone NOT NULL DEFAULT transaction_timestamp(), "table_name" text NOT NULL, "key" uuid, "route" uuid, "operation" "char" NOT NULL, "changed" jsonb, "author" uuid, "origin" uuid, "cause" text NOT NULL DEFAULT ''::text, "keys" uuid[], "routes" uuid[]) PARTITION BY RANGE (moment);
CREATE TABLE "replication_journalpurge" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "through" bigint NOT NULL, "lines" bigint NOT NULL, "purged_at" timestamp with time zone NOT NULL);
CREATE TABLE "replication_membership" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "table" character varying(63) NOT NULL, "key" uuid NOT NULL, "is_reference" boolean NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_messagelog" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "direction" character varying(3) NOT NULL, "incarnation" uuid NOT NULL, "number" bigint NOT NULL, "digest" character varying(64) NOT NULL, "rows" integer NOT NULL, "size" bigint NOT NULL, "parked" integer NOT NULL, "conflicts" integer NOT NULL, "seconds" double precision NOT NULL, "position" text NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_messagepart" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "number" bigint NOT NULL, "offset" bigint NOT NULL, "data" bytea NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_outgoingmessage" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "number" bigint NOT NULL, "head" bytea NOT NULL, "signature" bytea NOT NULL, "body" bytea NOT NULL, "rows" integer NOT NULL, "position" text NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_parkedchange" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "number" bigint NOT NULL, "table" character varying(63) NOT NULL, "key" uuid NOT NULL, "operation" character varying(8) NOT NULL, "author" uuid, "changed_at" timestamp with time zone, "row" jsonb NOT NULL, "reason" character varying(20) NOT NULL, "detail" character varying(300) NOT NULL, "tried_at" timestamp with time zone, "tries" integer NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "replication_reader" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "name" character varying(100) NOT NULL, "position" text NOT NULL, "updated_at" timestamp with time zone NOT NULL, "lines_behind" bigint NOT NULL, "oldest_unread_at" timestamp with time zone, "alarmed_at" timestamp with time zone, "released_at" timestamp with time zone);
CREATE TABLE "replication_resend" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "table" character varying(63) NOT NULL, "key" uuid NOT NULL, "node_id" uuid NOT NULL);
CREATE TABLE "reports_figuresletter" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "rhythm" character varying(10) NOT NULL, "at" time without time zone NOT NULL, "figures" jsonb NOT NULL, "sent_on" date, "user_id" uuid NOT NULL, "sending_at" timestamp with time zone, "sending_on" date, "uncertain_on" date);
CREATE TABLE "reports_reportsettings" ("id" smallint NOT NULL, "sleeping_days" smallint NOT NULL, "lost_days" smallint NOT NULL, "cost_price_type_id" uuid);
CREATE TABLE "reports_savedreport" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "report" character varying(10) NOT NULL, "asked" text NOT NULL, "is_pinned" boolean NOT NULL, "is_mailed" boolean NOT NULL, "user_id" uuid NOT NULL);
CREATE TABLE "retention_retentionrule" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "kind" character varying(40) NOT NULL, "months" smallint NOT NULL, "set_by_id" uuid);
CREATE TABLE "sales_delivery" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "number" character varying(50) NOT NULL, "shipped_on" date NOT NULL, "total" numeric(18,2), "lines" jsonb NOT NULL, "invoice_id" uuid NOT NULL);
CREATE TABLE "sales_invoice" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid, "ref" character varying(120) NOT NULL, "is_archived" boolean NOT NULL, "number" character varying(11) NOT NULL, "issued_on" date NOT NULL, "due_on" date, "currency" character varying(3) NOT NULL, "is_tax_included" boolean NOT NULL, "status" character varying(10) NOT NULL, "payment_state" character varying(12) NOT NULL, "delivery_state" character varying(15) NOT NULL, "total" numeric(18,2) NOT NULL, "tax_total" numeric(18,2) NOT NULL, "paid_total" numeric(18,2) NOT NULL, "comment" text NOT NULL, "number_1c" character varying(50) NOT NULL, "date_1c" timestamp with time zone, "is_posted_1c" boolean NOT NULL, "version" integer NOT NULL, "counterparty_id" uuid NOT NULL, "organization_id" uuid NOT NULL, "price_type_id" uuid, "responsible_id" uuid, "warehouse_id" uuid, "status_1c" character varying(100) NOT NULL, "custom" jsonb NOT NULL, "tags" jsonb NOT NULL);
CREATE TABLE "sales_invoicebase" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid NOT NULL, "content" jsonb NOT NULL, "told" jsonb NOT NULL, "told_position" text NOT NULL, "received_digest" character varying(64) NOT NULL, "invoice_id" uuid NOT NULL, "ref" character varying(120) NOT NULL);
CREATE TABLE "sales_invoiceconflict" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "node_id" uuid NOT NULL, "line_key" character varying(300) NOT NULL, "line_name" character varying(500) NOT NULL, "field" character varying(80) NOT NULL, "base" jsonb, "ours" jsonb, "theirs" jsonb, "state" character varying(10) NOT NULL, "resolved_at" timestamp with time zone, "invoice_id" uuid NOT NULL, "resolved_by_id" uuid);
CREATE TABLE "sales_invoiceevent" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "at" timestamp with time zone NOT NULL, "kind" character varying(30) NOT NULL, "source" character varying(80) NOT NULL, "detail" jsonb NOT NULL, "author_id" uuid, "invoice_id" uuid NOT NULL);
CREATE TABLE "sales_invoiceline" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "position" smallint NOT NULL, "name" character varying(500) NOT NULL, "article" character varying(100) NOT NULL, "unit" character varying(50) NOT NULL, "quantity" numeric(18,3) NOT NULL, "price" numeric(18,4) NOT NULL, "discount_percent" numeric(5,2) NOT NULL, "tax_rate" numeric(5,2), "total" numeric(18,2) NOT NULL, "tax" numeric(18,2) NOT NULL, "shipped_quantity" numeric(18,3) NOT NULL, "characteristic_id" uuid, "invoice_id" uuid NOT NULL, "product_id" uuid);
CREATE TABLE "sales_invoicepayment" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "amount" numeric(18,2) NOT NULL, "invoice_id" uuid NOT NULL, "payment_id" uuid NOT NULL);
CREATE TABLE "sales_numbersequence" ("id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY, "year" smallint NOT NULL, "latest" integer NOT NULL, "block" smallint NOT NULL, "organization_id" uuid NOT NULL);
CREATE TABLE "sales_tradeterms" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "payment_days" smallint NOT NULL, "counterparty_id" uuid NOT NULL, "price_type_id" uuid);
CREATE TABLE "service_servicerequest" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "custom" jsonb NOT NULL, "tags" jsonb NOT NULL, "kind" character varying(10) NOT NULL, "subject" character varying(200) NOT NULL, "text" text NOT NULL, "state" character varying(10) NOT NULL, "is_urgent" boolean NOT NULL, "due_at" timestamp with time zone, "taken_at" timestamp with time zone, "closed_at" timestamp with time zone, "resolution" text NOT NULL, "is_archived" boolean NOT NULL, "author_id" uuid, "counterparty_id" uuid NOT NULL, "invoice_id" uuid, "owner_id" uuid, "person_id" uuid, "product_id" uuid);
CREATE TABLE "webforms_webform" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(80) NOT NULL, "key" character varying(40) NOT NULL, "fields" jsonb NOT NULL, "required" jsonb NOT NULL, "thanks" text NOT NULL, "is_active" boolean NOT NULL, "owner_id" uuid);
CREATE TABLE "webforms_webformpost" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "digest" character varying(64) NOT NULL, "counterparty_id" uuid NOT NULL, "form_id" uuid NOT NULL);
CREATE TABLE "webhooks_webhook" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "name" character varying(100) NOT NULL, "url" character varying(500) NOT NULL, "kinds" jsonb NOT NULL, "operations" jsonb NOT NULL, "secret" bytea NOT NULL, "is_active" boolean NOT NULL, "failing_since" timestamp with time zone, "stopped_reason" character varying(200) NOT NULL, "owner_id" uuid NOT NULL);
CREATE TABLE "webhooks_webhookdelivery" ("id" uuid NOT NULL, "created_at" timestamp with time zone NOT NULL, "updated_at" timestamp with time zone NOT NULL, "event" character varying(80) NOT NULL, "payload" jsonb NOT NULL, "state" character varying(10) NOT NULL, "attempts" smallint NOT NULL, "next_at" timestamp with time zone NOT NULL, "status" smallint NOT NULL, "answer" text NOT NULL, "milliseconds" integer NOT NULL, "delivered_at" timestamp with time zone, "webhook_id" uuid NOT NULL);
CREATE TABLE "replication_journal_default" PARTITION OF "replication_journal" DEFAULT;
ALTER TABLE "account_emailaddress" ADD CONSTRAINT "account_emailaddress_pkey" PRIMARY KEY (id);
ALTER TABLE "account_emailconfirmation" ADD CONSTRAINT "account_emailconfirmation_pkey" PRIMARY KEY (id);
ALTER TABLE "accounts_accessrole" ADD CONSTRAINT "accounts_accessrole_pkey" PRIMARY KEY (id);
ALTER TABLE "accounts_companymodule" ADD CONSTRAINT "accounts_companymodule_pkey" PRIMARY KEY (id);
ALTER TABLE "accounts_rolefield" ADD CONSTRAINT "accounts_rolefield_pkey" PRIMARY KEY (id);
ALTER TABLE "accounts_roleright" ADD CONSTRAINT "accounts_roleright_pkey" PRIMARY KEY (id);
ALTER TABLE "accounts_team" ADD CONSTRAINT "accounts_team_pkey" PRIMARY KEY (id);
ALTER TABLE "accounts_user" ADD CONSTRAINT "accounts_user_pkey" PRIMARY KEY (id);
ALTER TABLE "activities_activity" ADD CONSTRAINT "activities_activity_pkey" PRIMARY KEY (id);
ALTER TABLE "activities_activitylink" ADD CONSTRAINT "activities_activitylink_pkey" PRIMARY KEY (id);
ALTER TABLE "activities_activityperson" ADD CONSTRAINT "activities_activityperson_pkey" PRIMARY KEY (id);
ALTER TABLE "activities_comment" ADD CONSTRAINT "activities_comment_pkey" PRIMARY KEY (id);
ALTER TABLE "activities_follower" ADD CONSTRAINT "activities_follower_pkey" PRIMARY KEY (id);
ALTER TABLE "activities_mention" ADD CONSTRAINT "activities_mention_pkey" PRIMARY KEY (id);
ALTER TABLE "api_apireplay" ADD CONSTRAINT "api_apireplay_pkey" PRIMARY KEY (id);
ALTER TABLE "api_apitoken" ADD CONSTRAINT "api_apitoken_pkey" PRIMARY KEY (id);
ALTER TABLE "audit_securityevent" ADD CONSTRAINT "audit_securityevent_pkey" PRIMARY KEY (id);
ALTER TABLE "auth_group" ADD CONSTRAINT "auth_group_pkey" PRIMARY KEY (id);
ALTER TABLE "auth_group_permissions" ADD CONSTRAINT "auth_group_permissions_pkey" PRIMARY KEY (id);
ALTER TABLE "auth_permission" ADD CONSTRAINT "auth_permission_pkey" PRIMARY KEY (id);
ALTER TABLE "axes_accessattempt" ADD CONSTRAINT "axes_accessattempt_pkey" PRIMARY KEY (id);
ALTER TABLE "axes_accessattemptexpiration" ADD CONSTRAINT "axes_accessattemptexpiration_pkey" PRIMARY KEY (access_attempt_id);
ALTER TABLE "axes_accessfailurelog" ADD CONSTRAINT "axes_accessfailurelog_pkey" PRIMARY KEY (id);
ALTER TABLE "axes_accesslog" ADD CONSTRAINT "axes_accesslog_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_arrivedfile" ADD CONSTRAINT "catalog_arrivedfile_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_characteristic" ADD CONSTRAINT "catalog_characteristic_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_directoryentry" ADD CONSTRAINT "catalog_directoryentry_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_price" ADD CONSTRAINT "catalog_price_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_pricetype" ADD CONSTRAINT "catalog_pricetype_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_product" ADD CONSTRAINT "catalog_product_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_productcategory" ADD CONSTRAINT "catalog_productcategory_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_productfile" ADD CONSTRAINT "catalog_productfile_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_productgroup" ADD CONSTRAINT "catalog_productgroup_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_productgrouplink" ADD CONSTRAINT "catalog_productgrouplink_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_productpropertyvalue" ADD CONSTRAINT "catalog_productpropertyvalue_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_property" ADD CONSTRAINT "catalog_property_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_propertyoption" ADD CONSTRAINT "catalog_propertyoption_pkey" PRIMARY KEY (id);
ALTER TABLE "catalog_unit" ADD CONSTRAINT "catalog_unit_pkey" PRIMARY KEY (id);
ALTER TABLE "core_bulkjob" ADD CONSTRAINT "core_bulkjob_pkey" PRIMARY KEY (id);
ALTER TABLE "core_bulkrow" ADD CONSTRAINT "core_bulkrow_pkey" PRIMARY KEY (id);
ALTER TABLE "core_companysettings" ADD CONSTRAINT "core_companysettings_pkey" PRIMARY KEY (id);
ALTER TABLE "core_exportjob" ADD CONSTRAINT "core_exportjob_pkey" PRIMARY KEY (id);
ALTER TABLE "core_exportschedule" ADD CONSTRAINT "core_exportschedule_pkey" PRIMARY KEY (id);
ALTER TABLE "core_formerview" ADD CONSTRAINT "core_formerview_pkey" PRIMARY KEY (id);
ALTER TABLE "core_organization" ADD CONSTRAINT "core_organization_pkey" PRIMARY KEY (id);
ALTER TABLE "core_remembered" ADD CONSTRAINT "core_remembered_pkey" PRIMARY KEY (id);
ALTER TABLE "core_savedview" ADD CONSTRAINT "core_savedview_pkey" PRIMARY KEY (id);
ALTER TABLE "core_tag" ADD CONSTRAINT "core_tag_pkey" PRIMARY KEY (id);
ALTER TABLE "core_userpreference" ADD CONSTRAINT "core_userpreference_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_attachment" ADD CONSTRAINT "counterparties_attachment_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_bankaccount" ADD CONSTRAINT "counterparties_bankaccount_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_consent" ADD CONSTRAINT "counterparties_consent_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_contactperson" ADD CONSTRAINT "counterparties_contactperson_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_contactpoint" ADD CONSTRAINT "counterparties_contactpoint_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_contactrole" ADD CONSTRAINT "counterparties_contactrole_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_counterparty" ADD CONSTRAINT "counterparties_counterparty_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_handover" ADD CONSTRAINT "counterparties_handover_pkey" PRIMARY KEY (id);
ALTER TABLE "counterparties_importantdate" ADD CONSTRAINT "counterparties_importantdate_pkey" PRIMARY KEY (id);
ALTER TABLE "custom_cardlayout" ADD CONSTRAINT "custom_cardlayout_pkey" PRIMARY KEY (id);
ALTER TABLE "custom_customfield" ADD CONSTRAINT "custom_customfield_pkey" PRIMARY KEY (id);
ALTER TABLE "custom_customobject" ADD CONSTRAINT "custom_customobject_pkey" PRIMARY KEY (id);
ALTER TABLE "custom_customrow" ADD CONSTRAINT "custom_customrow_pkey" PRIMARY KEY (id);
ALTER TABLE "custom_menulayout" ADD CONSTRAINT "custom_menulayout_pkey" PRIMARY KEY (id);
ALTER TABLE "custom_personalarrangement" ADD CONSTRAINT "custom_personalarrangement_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_dealinvoice" ADD CONSTRAINT "deals_dealinvoice_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_dealline" ADD CONSTRAINT "deals_dealline_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_dealmember" ADD CONSTRAINT "deals_dealmember_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_dealparticipant" ADD CONSTRAINT "deals_dealparticipant_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_dealsettings" ADD CONSTRAINT "deals_dealsettings_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_lossreason" ADD CONSTRAINT "deals_lossreason_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_pipeline" ADD CONSTRAINT "deals_pipeline_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_quotation" ADD CONSTRAINT "deals_quotation_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_quotationline" ADD CONSTRAINT "deals_quotationline_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_quotationnumber" ADD CONSTRAINT "deals_quotationnumber_pkey" PRIMARY KEY (year);
ALTER TABLE "deals_salesplan" ADD CONSTRAINT "deals_salesplan_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_stage" ADD CONSTRAINT "deals_stage_pkey" PRIMARY KEY (id);
ALTER TABLE "deals_stagemove" ADD CONSTRAINT "deals_stagemove_pkey" PRIMARY KEY (id);
ALTER TABLE "django_content_type" ADD CONSTRAINT "django_content_type_pkey" PRIMARY KEY (id);
ALTER TABLE "django_migrations" ADD CONSTRAINT "django_migrations_pkey" PRIMARY KEY (id);
ALTER TABLE "django_session" ADD CONSTRAINT "django_session_pkey" PRIMARY KEY (session_key);
ALTER TABLE "duplicates_duplicatepair" ADD CONSTRAINT "duplicates_duplicatepair_pkey" PRIMARY KEY (id);
ALTER TABLE "duplicates_merge" ADD CONSTRAINT "duplicates_merge_pkey" PRIMARY KEY (id);
ALTER TABLE "duplicates_mergedrow" ADD CONSTRAINT "duplicates_mergedrow_pkey" PRIMARY KEY (id);
ALTER TABLE "duplicates_search" ADD CONSTRAINT "duplicates_search_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_exchangesession" ADD CONSTRAINT "exchange_exchangesession_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_filepart" ADD CONSTRAINT "exchange_filepart_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_node" ADD CONSTRAINT "exchange_node_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_parkedrow" ADD CONSTRAINT "exchange_parkedrow_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_seenkeys" ADD CONSTRAINT "exchange_seenkeys_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_sessionproblem" ADD CONSTRAINT "exchange_sessionproblem_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_upload" ADD CONSTRAINT "exchange_upload_pkey" PRIMARY KEY (id);
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfile_pkey" PRIMARY KEY (id);
ALTER TABLE "finance_payment" ADD CONSTRAINT "finance_payment_pkey" PRIMARY KEY (id);
ALTER TABLE "history_rowchange" ADD CONSTRAINT "history_rowchange_pkey" PRIMARY KEY (id);
ALTER TABLE "imports_importedrow" ADD CONSTRAINT "imports_importedrow_pkey" PRIMARY KEY (id);
ALTER TABLE "imports_importline" ADD CONSTRAINT "imports_importline_pkey" PRIMARY KEY (id);
ALTER TABLE "imports_importrun" ADD CONSTRAINT "imports_importrun_pkey" PRIMARY KEY (id);
ALTER TABLE "imports_knownmapping" ADD CONSTRAINT "imports_knownmapping_pkey" PRIMARY KEY (id);
ALTER TABLE "inventory_stockbalance" ADD CONSTRAINT "inventory_stockbalance_pkey" PRIMARY KEY (id);
ALTER TABLE "inventory_warehouse" ADD CONSTRAINT "inventory_warehouse_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_ignoredsender" ADD CONSTRAINT "mail_ignoredsender_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_mailbox" ADD CONSTRAINT "mail_mailbox_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_mailfile" ADD CONSTRAINT "mail_mailfile_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_mailfolder" ADD CONSTRAINT "mail_mailfolder_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_maillink" ADD CONSTRAINT "mail_maillink_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_mailmessage" ADD CONSTRAINT "mail_mailmessage_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_mailplace" ADD CONSTRAINT "mail_mailplace_pkey" PRIMARY KEY (id);
ALTER TABLE "mail_mailsending" ADD CONSTRAINT "mail_mailsending_pkey" PRIMARY KEY (id);
ALTER TABLE "mfa_authenticator" ADD CONSTRAINT "mfa_authenticator_pkey" PRIMARY KEY (id);
ALTER TABLE "notifications_noticesettings" ADD CONSTRAINT "notifications_noticesettings_pkey" PRIMARY KEY (id);
ALTER TABLE "notifications_notification" ADD CONSTRAINT "notifications_notification_pkey" PRIMARY KEY (id);
ALTER TABLE "onboarding_demorecord" ADD CONSTRAINT "onboarding_demorecord_pkey" PRIMARY KEY (id);
ALTER TABLE "portal_portallink" ADD CONSTRAINT "portal_portallink_pkey" PRIMARY KEY (id);
ALTER TABLE "portal_portalmessage" ADD CONSTRAINT "portal_portalmessage_pkey" PRIMARY KEY (id);
ALTER TABLE "registers_registeraccess" ADD CONSTRAINT "registers_registeraccess_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_alias" ADD CONSTRAINT "replication_alias_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "replication_branchnode_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_conflict" ADD CONSTRAINT "replication_conflict_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_departed" ADD CONSTRAINT "replication_departed_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_journalpurge" ADD CONSTRAINT "replication_journalpurge_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_membership" ADD CONSTRAINT "replication_membership_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagelog_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_messagepart" ADD CONSTRAINT "replication_messagepart_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_outgoingmessage" ADD CONSTRAINT "replication_outgoingmessage_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_parkedchange" ADD CONSTRAINT "replication_parkedchange_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_reader" ADD CONSTRAINT "replication_reader_pkey" PRIMARY KEY (id);
ALTER TABLE "replication_resend" ADD CONSTRAINT "replication_resend_pkey" PRIMARY KEY (id);
ALTER TABLE "reports_figuresletter" ADD CONSTRAINT "reports_figuresletter_pkey" PRIMARY KEY (id);
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "reports_reportsettings_pkey" PRIMARY KEY (id);
ALTER TABLE "reports_savedreport" ADD CONSTRAINT "reports_savedreport_pkey" PRIMARY KEY (id);
ALTER TABLE "retention_retentionrule" ADD CONSTRAINT "retention_retentionrule_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_delivery" ADD CONSTRAINT "sales_delivery_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_invoicebase" ADD CONSTRAINT "sales_invoicebase_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_invoiceconflict" ADD CONSTRAINT "sales_invoiceconflict_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_invoiceevent" ADD CONSTRAINT "sales_invoiceevent_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_invoiceline" ADD CONSTRAINT "sales_invoiceline_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_invoicepayment" ADD CONSTRAINT "sales_invoicepayment_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_numbersequence" ADD CONSTRAINT "sales_numbersequence_pkey" PRIMARY KEY (id);
ALTER TABLE "sales_tradeterms" ADD CONSTRAINT "sales_tradeterms_pkey" PRIMARY KEY (id);
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicerequest_pkey" PRIMARY KEY (id);
ALTER TABLE "webforms_webform" ADD CONSTRAINT "webforms_webform_pkey" PRIMARY KEY (id);
ALTER TABLE "webforms_webformpost" ADD CONSTRAINT "webforms_webformpost_pkey" PRIMARY KEY (id);
ALTER TABLE "webhooks_webhook" ADD CONSTRAINT "webhooks_webhook_pkey" PRIMARY KEY (id);
ALTER TABLE "webhooks_webhookdelivery" ADD CONSTRAINT "webhooks_webhookdelivery_pkey" PRIMARY KEY (id);
ALTER TABLE "account_emailaddress" ADD CONSTRAINT "account_emailaddress_user_id_email_987c8728_uniq" UNIQUE (user_id, email);
ALTER TABLE "account_emailconfirmation" ADD CONSTRAINT "account_emailconfirmation_key_key" UNIQUE (key);
ALTER TABLE "accounts_accessrole" ADD CONSTRAINT "access_role_key_is_base" CHECK ((((key)::text = ''::text) OR ((key)::text = (base)::text)));
ALTER TABLE "accounts_companymodule" ADD CONSTRAINT "accounts_companymodule_key_key" UNIQUE (key);
ALTER TABLE "accounts_companymodule" ADD CONSTRAINT "accounts_companymodule_seats_check" CHECK ((seats >= 0));
ALTER TABLE "accounts_rolefield" ADD CONSTRAINT "role_field_unique_field" UNIQUE (role_id, object, field);
ALTER TABLE "accounts_roleright" ADD CONSTRAINT "accounts_roleright_scope_check" CHECK ((scope >= 0));
ALTER TABLE "accounts_roleright" ADD CONSTRAINT "role_right_unique_right" UNIQUE (role_id, object, action);
ALTER TABLE "activities_activitylink" ADD CONSTRAINT "activity_link_unique" UNIQUE (activity_id, kind, key);
ALTER TABLE "activities_activityperson" ADD CONSTRAINT "activity_person_unique" UNIQUE (activity_id, user_id);
ALTER TABLE "activities_follower" ADD CONSTRAINT "follower_unique" UNIQUE (kind, key, user_id);
ALTER TABLE "activities_mention" ADD CONSTRAINT "mention_unique" UNIQUE NULLS NOT DISTINCT (user_id, activity_id, comment_id);
ALTER TABLE "api_apireplay" ADD CONSTRAINT "api_apireplay_status_check" CHECK ((status >= 0));
ALTER TABLE "api_apireplay" ADD CONSTRAINT "api_replay_unique_key" UNIQUE (owner, key);
ALTER TABLE "api_apitoken" ADD CONSTRAINT "api_apitoken_digest_key" UNIQUE (digest);
ALTER TABLE "auth_group" ADD CONSTRAINT "auth_group_name_key" UNIQUE (name);
ALTER TABLE "auth_group_permissions" ADD CONSTRAINT "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" UNIQUE (group_id, permission_id);
ALTER TABLE "auth_permission" ADD CONSTRAINT "auth_permission_content_type_id_codename_01ab375a_uniq" UNIQUE (content_type_id, codename);
ALTER TABLE "axes_accessattempt" ADD CONSTRAINT "axes_accessattempt_failures_since_start_check" CHECK ((failures_since_start >= 0));
ALTER TABLE "axes_accessattempt" ADD CONSTRAINT "axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq" UNIQUE (username, ip_address, user_agent);
ALTER TABLE "catalog_arrivedfile" ADD CONSTRAINT "arrived_file_unique_path" UNIQUE (node_id, path);
ALTER TABLE "catalog_arrivedfile" ADD CONSTRAINT "catalog_arrivedfile_size_check" CHECK ((size >= 0));
ALTER TABLE "catalog_characteristic" ADD CONSTRAINT "characteristic_unique_ref" UNIQUE (product_id, ref);
ALTER TABLE "catalog_directoryentry" ADD CONSTRAINT "directory_entry_unique_ref" UNIQUE (node_id, directory_ref, ref);
ALTER TABLE "catalog_price" ADD CONSTRAINT "price_unique" UNIQUE NULLS NOT DISTINCT (product_id, characteristic_id, price_type_id);
ALTER TABLE "catalog_productfile" ADD CONSTRAINT "catalog_productfile_position_check" CHECK (("position" >= 0));
ALTER TABLE "catalog_productfile" ADD CONSTRAINT "catalog_productfile_size_check" CHECK ((size >= 0));
ALTER TABLE "catalog_productfile" ADD CONSTRAINT "product_file_unique_path" UNIQUE (product_id, path);
ALTER TABLE "catalog_productgroup" ADD CONSTRAINT "catalog_productgroup_position_check" CHECK (("position" >= 0));
ALTER TABLE "catalog_productgrouplink" ADD CONSTRAINT "product_group_link_unique" UNIQUE (product_id, group_id);
ALTER TABLE "catalog_propertyoption" ADD CONSTRAINT "property_option_unique_ref" UNIQUE (node_id, property_id, ref);
ALTER TABLE "core_bulkjob" ADD CONSTRAINT "core_bulkjob_done_check" CHECK ((done >= 0));
ALTER TABLE "core_bulkjob" ADD CONSTRAINT "core_bulkjob_refused_check" CHECK ((refused >= 0));
ALTER TABLE "core_bulkjob" ADD CONSTRAINT "core_bulkjob_total_check" CHECK ((total >= 0));
ALTER TABLE "core_bulkrow" ADD CONSTRAINT "bulk_row_unique_row" UNIQUE (job_id, row_id);
ALTER TABLE "core_companysettings" ADD CONSTRAINT "company_settings_one_row" CHECK ((id = 1));
ALTER TABLE "core_companysettings" ADD CONSTRAINT "core_companysettings_id_check" CHECK ((id >= 0));
ALTER TABLE "core_exportjob" ADD CONSTRAINT "core_exportjob_done_check" CHECK ((done >= 0));
ALTER TABLE "core_exportjob" ADD CONSTRAINT "core_exportjob_size_check" CHECK ((size >= 0));
ALTER TABLE "core_exportjob" ADD CONSTRAINT "core_exportjob_total_check" CHECK ((total >= 0));
ALTER TABLE "core_exportschedule" ADD CONSTRAINT "core_exportschedule_hour_check" CHECK ((hour >= 0));
ALTER TABLE "core_exportschedule" ADD CONSTRAINT "core_exportschedule_weekday_check" CHECK ((weekday >= 0));
ALTER TABLE "core_formerview" ADD CONSTRAINT "core_formerview_position_check" CHECK (("position" >= 0));
ALTER TABLE "core_savedview" ADD CONSTRAINT "core_savedview_position_check" CHECK (("position" >= 0));
ALTER TABLE "core_tag" ADD CONSTRAINT "core_tag_colour_check" CHECK ((colour >= 0));
ALTER TABLE "core_userpreference" ADD CONSTRAINT "user_preference_unique_key" UNIQUE (user_id, key);
ALTER TABLE "counterparties_attachment" ADD CONSTRAINT "counterparties_attachment_size_check" CHECK ((size >= 0));
ALTER TABLE "counterparties_attachment" ADD CONSTRAINT "counterparties_attachment_version_check" CHECK ((version >= 0));
ALTER TABLE "counterparties_bankaccount" ADD CONSTRAINT "bank_account_unique_number" UNIQUE (counterparty_id, number);
ALTER TABLE "counterparties_contactrole" ADD CONSTRAINT "contact_role_unique_person" UNIQUE (counterparty_id, person_id);
ALTER TABLE "custom_cardlayout" ADD CONSTRAINT "card_layout_unique_role" UNIQUE (kind, role);
ALTER TABLE "custom_customfield" ADD CONSTRAINT "custom_customfield_position_check" CHECK (("position" >= 0));
ALTER TABLE "custom_customfield" ADD CONSTRAINT "custom_field_unique_key" UNIQUE (kind, key);
ALTER TABLE "custom_customobject" ADD CONSTRAINT "custom_customobject_key_key" UNIQUE (key);
ALTER TABLE "custom_menulayout" ADD CONSTRAINT "custom_menulayout_role_key" UNIQUE (role);
ALTER TABLE "custom_personalarrangement" ADD CONSTRAINT "personal_arrangement_unique_key" UNIQUE (user_id, key);
ALTER TABLE "deals_dealinvoice" ADD CONSTRAINT "deals_dealinvoice_invoice_id_key" UNIQUE (invoice_id);
ALTER TABLE "deals_dealline" ADD CONSTRAINT "deals_dealline_position_check" CHECK (("position" >= 0));
ALTER TABLE "deals_dealmember" ADD CONSTRAINT "deal_member_unique" UNIQUE (deal_id, user_id);
ALTER TABLE "deals_dealparticipant" ADD CONSTRAINT "deal_participant_unique" UNIQUE (deal_id, person_id);
ALTER TABLE "deals_dealsettings" ADD CONSTRAINT "deals_dealsettings_quotation_days_check" CHECK ((quotation_days >= 0));
ALTER TABLE "deals_lossreason" ADD CONSTRAINT "deals_lossreason_position_check" CHECK (("position" >= 0));
ALTER TABLE "deals_pipeline" ADD CONSTRAINT "deals_pipeline_position_check" CHECK (("position" >= 0));
ALTER TABLE "deals_quotation" ADD CONSTRAINT "quotation_unique_number" UNIQUE (number);
ALTER TABLE "deals_quotationline" ADD CONSTRAINT "deals_quotationline_position_check" CHECK (("position" >= 0));
ALTER TABLE "deals_quotationnumber" ADD CONSTRAINT "deals_quotationnumber_latest_check" CHECK ((latest >= 0));
ALTER TABLE "deals_quotationnumber" ADD CONSTRAINT "deals_quotationnumber_year_check" CHECK ((year >= 0));
ALTER TABLE "deals_salesplan" ADD CONSTRAINT "sales_plan_unique" UNIQUE NULLS NOT DISTINCT (month, user_id, currency);
ALTER TABLE "deals_stage" ADD CONSTRAINT "deals_stage_most_deals_check" CHECK ((most_deals >= 0));
ALTER TABLE "deals_stage" ADD CONSTRAINT "deals_stage_position_check" CHECK (("position" >= 0));
ALTER TABLE "deals_stage" ADD CONSTRAINT "deals_stage_probability_check" CHECK ((probability >= 0));
ALTER TABLE "deals_stage" ADD CONSTRAINT "deals_stage_rotting_days_check" CHECK ((rotting_days >= 0));
ALTER TABLE "deals_stage" ADD CONSTRAINT "stage_probability" CHECK ((probability <= 100));
ALTER TABLE "django_content_type" ADD CONSTRAINT "django_content_type_app_label_model_76bd3d3b_uniq" UNIQUE (app_label, model);
ALTER TABLE "duplicates_duplicatepair" ADD CONSTRAINT "duplicate_pair_unique" UNIQUE (kind, first, second);
ALTER TABLE "duplicates_duplicatepair" ADD CONSTRAINT "duplicates_duplicatepair_score_check" CHECK ((score >= 0));
ALTER TABLE "duplicates_mergedrow" ADD CONSTRAINT "merged_row_unique" UNIQUE (kind, key);
ALTER TABLE "duplicates_search" ADD CONSTRAINT "duplicates_search_found_check" CHECK ((found >= 0));
ALTER TABLE "duplicates_search" ADD CONSTRAINT "duplicates_search_kind_key" UNIQUE (kind);
ALTER TABLE "duplicates_search" ADD CONSTRAINT "duplicates_search_row_count_check" CHECK ((row_count >= 0));
ALTER TABLE "exchange_exchangesession" ADD CONSTRAINT "exchange_exchangesession_problem_count_check" CHECK ((problem_count >= 0));
ALTER TABLE "exchange_exchangesession" ADD CONSTRAINT "exchange_exchangesession_sent_documents_check" CHECK ((sent_documents >= 0));
ALTER TABLE "exchange_filepart" ADD CONSTRAINT "exchange_filepart_number_check" CHECK ((number >= 0));
ALTER TABLE "exchange_filepart" ADD CONSTRAINT "exchange_part_unique_number" UNIQUE (file_id, number);
ALTER TABLE "exchange_node" ADD CONSTRAINT "exchange_node_file_limit_check" CHECK ((file_limit >= 0));
ALTER TABLE "exchange_node" ADD CONSTRAINT "exchange_node_login_key" UNIQUE (login);
ALTER TABLE "exchange_parkedrow" ADD CONSTRAINT "exchange_parked_unique" UNIQUE (node_id, row_type, key);
ALTER TABLE "exchange_parkedrow" ADD CONSTRAINT "exchange_parkedrow_rank_check" CHECK ((rank >= 0));
ALTER TABLE "exchange_sessionproblem" ADD CONSTRAINT "exchange_sessionproblem_line_check" CHECK ((line >= 0));
ALTER TABLE "exchange_upload" ADD CONSTRAINT "exchange_upload_query_count_check" CHECK ((query_count >= 0));
ALTER TABLE "exchange_upload" ADD CONSTRAINT "exchange_upload_unique" UNIQUE (cookie, subject);
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfile_attempts_check" CHECK ((attempts >= 0));
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfile_position_check" CHECK (("position" >= 0));
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfile_problem_count_check" CHECK ((problem_count >= 0));
ALTER TABLE "imports_importedrow" ADD CONSTRAINT "imported_row_unique_key" UNIQUE (run_id, kind, key);
ALTER TABLE "imports_importedrow" ADD CONSTRAINT "imports_importedrow_number_check" CHECK ((number >= 0));
ALTER TABLE "imports_importline" ADD CONSTRAINT "import_line_unique_number" UNIQUE (run_id, number);
ALTER TABLE "imports_importline" ADD CONSTRAINT "imports_importline_number_check" CHECK ((number >= 0));
ALTER TABLE "imports_importrun" ADD CONSTRAINT "imports_importrun_after_count_check" CHECK ((after_count >= 0));
ALTER TABLE "imports_importrun" ADD CONSTRAINT "imports_importrun_before_count_check" CHECK ((before_count >= 0));
ALTER TABLE "imports_importrun" ADD CONSTRAINT "imports_importrun_position_check" CHECK (("position" >= 0));
ALTER TABLE "imports_importrun" ADD CONSTRAINT "imports_importrun_row_count_check" CHECK ((row_count >= 0));
ALTER TABLE "imports_knownmapping" ADD CONSTRAINT "known_mapping_unique_headings" UNIQUE (kind, fingerprint);
ALTER TABLE "inventory_stockbalance" ADD CONSTRAINT "stock_balance_unique" UNIQUE NULLS NOT DISTINCT (product_id, characteristic_id, warehouse_id);
ALTER TABLE "mail_ignoredsender" ADD CONSTRAINT "ignored_sender_unique" UNIQUE (mailbox_id, address);
ALTER TABLE "mail_mailbox" ADD CONSTRAINT "mail_mailbox_address_key" UNIQUE (address);
ALTER TABLE "mail_mailbox" ADD CONSTRAINT "mail_mailbox_imap_port_check" CHECK ((imap_port >= 0));
ALTER TABLE "mail_mailbox" ADD CONSTRAINT "mail_mailbox_smtp_port_check" CHECK ((smtp_port >= 0));
ALTER TABLE "mail_mailbox" ADD CONSTRAINT "mailbox_shared_shares" CHECK (((owner_id IS NOT NULL) OR shares_matched));
ALTER TABLE "mail_mailfile" ADD CONSTRAINT "mail_file_unique_place" UNIQUE (message_id, place);
ALTER TABLE "mail_mailfile" ADD CONSTRAINT "mail_mailfile_place_check" CHECK ((place >= 0));
ALTER TABLE "mail_mailfile" ADD CONSTRAINT "mail_mailfile_size_check" CHECK ((size >= 0));
ALTER TABLE "mail_mailfolder" ADD CONSTRAINT "mail_folder_unique_name" UNIQUE (mailbox_id, name);
ALTER TABLE "mail_maillink" ADD CONSTRAINT "mail_link_unique" UNIQUE (message_id, kind, key);
ALTER TABLE "mail_mailmessage" ADD CONSTRAINT "mail_mailmessage_message_id_key" UNIQUE (message_id);
ALTER TABLE "mail_mailplace" ADD CONSTRAINT "mail_place_unique" UNIQUE (folder_id, uidvalidity, uid);
ALTER TABLE "mail_mailsending" ADD CONSTRAINT "mail_mailsending_attempts_check" CHECK ((attempts >= 0));
ALTER TABLE "mail_mailsending" ADD CONSTRAINT "mail_mailsending_message_id_key" UNIQUE (message_id);
ALTER TABLE "notifications_noticesettings" ADD CONSTRAINT "notifications_noticesettings_user_id_key" UNIQUE (user_id);
ALTER TABLE "onboarding_demorecord" ADD CONSTRAINT "demo_record_unique" UNIQUE (label, object_id);
ALTER TABLE "portal_portallink" ADD CONSTRAINT "portal_portallink_digest_key" UNIQUE (digest);
ALTER TABLE "registers_registeraccess" ADD CONSTRAINT "registers_registeraccess_register_key" UNIQUE (register);
ALTER TABLE "replication_alias" ADD CONSTRAINT "alias_unique_former" UNIQUE ("table", former);
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "branch_node_unique_prefix" UNIQUE (prefix);
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "replication_branchnode_acknowledged_number_check" CHECK ((acknowledged_number >= 0));
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "replication_branchnode_number_block_check" CHECK ((number_block >= 0));
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "replication_branchnode_received_number_check" CHECK ((received_number >= 0));
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "replication_branchnode_seats_check" CHECK ((seats >= 0));
ALTER TABLE "replication_branchnode" ADD CONSTRAINT "replication_branchnode_sent_number_check" CHECK ((sent_number >= 0));
ALTER TABLE "replication_conflict" ADD CONSTRAINT "replication_conflict_number_check" CHECK ((number >= 0));
ALTER TABLE "replication_departed" ADD CONSTRAINT "departed_unique" UNIQUE (node_id, "table", key);
ALTER TABLE "replication_departed" ADD CONSTRAINT "replication_departed_number_check" CHECK ((number >= 0));
ALTER TABLE "replication_journal" ADD CONSTRAINT "replication_journal_names_rows" CHECK (((key IS NULL) <> (keys IS NULL)));
ALTER TABLE "replication_membership" ADD CONSTRAINT "membership_unique" UNIQUE (node_id, "table", key);
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "message_log_number" UNIQUE (node_id, direction, incarnation, number);
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagelog_conflicts_check" CHECK ((conflicts >= 0));
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagelog_number_check" CHECK ((number >= 0));
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagelog_parked_check" CHECK ((parked >= 0));
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagelog_rows_check" CHECK ((rows >= 0));
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagelog_size_check" CHECK ((size >= 0));
ALTER TABLE "replication_messagepart" ADD CONSTRAINT "message_part_offset" UNIQUE (node_id, number, "offset");
ALTER TABLE "replication_messagepart" ADD CONSTRAINT "replication_messagepart_number_check" CHECK ((number >= 0));
ALTER TABLE "replication_messagepart" ADD CONSTRAINT "replication_messagepart_offset_check" CHECK (("offset" >= 0));
ALTER TABLE "replication_outgoingmessage" ADD CONSTRAINT "outgoing_message_number" UNIQUE (node_id, number);
ALTER TABLE "replication_outgoingmessage" ADD CONSTRAINT "replication_outgoingmessage_number_check" CHECK ((number >= 0));
ALTER TABLE "replication_outgoingmessage" ADD CONSTRAINT "replication_outgoingmessage_rows_check" CHECK ((rows >= 0));
ALTER TABLE "replication_parkedchange" ADD CONSTRAINT "parked_change_unique" UNIQUE (node_id, "table", key, operation, number);
ALTER TABLE "replication_parkedchange" ADD CONSTRAINT "replication_parkedchange_number_check" CHECK ((number >= 0));
ALTER TABLE "replication_parkedchange" ADD CONSTRAINT "replication_parkedchange_tries_check" CHECK ((tries >= 0));
ALTER TABLE "replication_reader" ADD CONSTRAINT "replication_reader_name_key" UNIQUE (name);
ALTER TABLE "replication_resend" ADD CONSTRAINT "resend_unique" UNIQUE (node_id, "table", key);
ALTER TABLE "reports_figuresletter" ADD CONSTRAINT "reports_figuresletter_user_id_key" UNIQUE (user_id);
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "report_settings_lost_after_sleeping" CHECK ((lost_days > sleeping_days));
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "report_settings_one_row" CHECK ((id = 1));
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "reports_reportsettings_id_check" CHECK ((id >= 0));
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "reports_reportsettings_lost_days_check" CHECK ((lost_days >= 0));
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "reports_reportsettings_sleeping_days_check" CHECK ((sleeping_days >= 0));
ALTER TABLE "reports_savedreport" ADD CONSTRAINT "saved_report_unique_name" UNIQUE (user_id, name);
ALTER TABLE "retention_retentionrule" ADD CONSTRAINT "retention_retentionrule_kind_key" UNIQUE (kind);
ALTER TABLE "retention_retentionrule" ADD CONSTRAINT "retention_retentionrule_months_check" CHECK ((months >= 0));
ALTER TABLE "sales_delivery" ADD CONSTRAINT "delivery_unique_ref" UNIQUE (invoice_id, node_id, ref);
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_version_check" CHECK ((version >= 0));
ALTER TABLE "sales_invoicebase" ADD CONSTRAINT "invoice_base_unique" UNIQUE (invoice_id, node_id);
ALTER TABLE "sales_invoiceline" ADD CONSTRAINT "sales_invoiceline_position_check" CHECK (("position" >= 0));
ALTER TABLE "sales_invoicepayment" ADD CONSTRAINT "invoice_payment_unique" UNIQUE (invoice_id, payment_id);
ALTER TABLE "sales_numbersequence" ADD CONSTRAINT "number_sequence_unique" UNIQUE (organization_id, year);
ALTER TABLE "sales_numbersequence" ADD CONSTRAINT "sales_numbersequence_block_check" CHECK ((block >= 0));
ALTER TABLE "sales_numbersequence" ADD CONSTRAINT "sales_numbersequence_latest_check" CHECK ((latest >= 0));
ALTER TABLE "sales_numbersequence" ADD CONSTRAINT "sales_numbersequence_year_check" CHECK ((year >= 0));
ALTER TABLE "sales_tradeterms" ADD CONSTRAINT "sales_tradeterms_counterparty_id_key" UNIQUE (counterparty_id);
ALTER TABLE "sales_tradeterms" ADD CONSTRAINT "sales_tradeterms_payment_days_check" CHECK ((payment_days >= 0));
ALTER TABLE "webforms_webform" ADD CONSTRAINT "webforms_webform_key_key" UNIQUE (key);
ALTER TABLE "webforms_webformpost" ADD CONSTRAINT "web_form_post_once" UNIQUE (form_id, digest);
ALTER TABLE "webhooks_webhookdelivery" ADD CONSTRAINT "webhooks_webhookdelivery_attempts_check" CHECK ((attempts >= 0));
ALTER TABLE "webhooks_webhookdelivery" ADD CONSTRAINT "webhooks_webhookdelivery_milliseconds_check" CHECK ((milliseconds >= 0));
ALTER TABLE "webhooks_webhookdelivery" ADD CONSTRAINT "webhooks_webhookdelivery_status_check" CHECK ((status >= 0));
CREATE UNIQUE INDEX access_role_unique_key ON accounts_accessrole USING btree (key) WHERE (NOT ((key)::text = ''::text));
CREATE UNIQUE INDEX access_role_unique_name ON accounts_accessrole USING btree (lower((name)::text)) WHERE ((key)::text = ''::text);
CREATE INDEX account_emailaddress_email_03be32b2 ON account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX accounts_companymodule_key_dbaee103_like ON accounts_companymodule USING btree (key varchar_pattern_ops);
CREATE INDEX accounts_rolefield_role_id_60b895a3 ON accounts_rolefield USING btree (role_id);
CREATE INDEX accounts_roleright_role_id_29ffb744 ON accounts_roleright USING btree (role_id);
CREATE INDEX accounts_team_parent_id_6c6f6e1c ON accounts_team USING btree (parent_id);
CREATE INDEX accounts_user_access_role_id_5dc68d50 ON accounts_user USING btree (access_role_id);
CREATE INDEX accounts_user_team_id_27b7f1fa ON accounts_user USING btree (team_id);
CREATE INDEX activities_activity_completed_by_id_67300679 ON activities_activity USING btree (completed_by_id);
CREATE INDEX activities_activity_counterparty_id_9f20eadb ON activities_activity USING btree (counterparty_id);
CREATE INDEX activities_activity_giver_id_5d03dcbf ON activities_activity USING btree (giver_id);
CREATE INDEX activities_activity_owner_id_44d8a0b4 ON activities_activity USING btree (owner_id);
CREATE INDEX activities_activitylink_activity_id_17f3c13c ON activities_activitylink USING btree (activity_id);
CREATE INDEX activities_activityperson_activity_id_2674e1f9 ON activities_activityperson USING btree (activity_id);
CREATE INDEX activities_activityperson_user_id_c25ba428 ON activities_activityperson USING btree (user_id);
CREATE INDEX activities_comment_activity_id_b15d5e1d ON activities_comment USING btree (activity_id);
CREATE INDEX activities_comment_author_id_56fd08bf ON activities_comment USING btree (author_id);
CREATE INDEX activities_follower_user_id_4327445e ON activities_follower USING btree (user_id);
CREATE INDEX activities_mention_activity_id_d847b7dd ON activities_mention USING btree (activity_id);
CREATE INDEX activities_mention_author_id_76af9342 ON activities_mention USING btree (author_id);
CREATE INDEX activities_mention_comment_id_169cafaf ON activities_mention USING btree (comment_id);
CREATE INDEX activities_mention_user_id_2e88f731 ON activities_mention USING btree (user_id);
CREATE INDEX activity_by_plan ON activities_activity USING btree (planned_at, id);
CREATE INDEX activity_by_tag ON activities_activity USING gin (tags jsonb_path_ops);
CREATE INDEX activity_day_of_person ON activities_activity USING btree (owner_id, planned_at, id) WHERE ((NOT is_archived) AND ((state)::text = ANY (ARRAY[('open'::character varying)::text, ('accepted'::character varying)::text])));
CREATE INDEX activity_done_by_person ON activities_activity USING btree (owner_id, completed_at DESC);
CREATE INDEX activity_given ON activities_activity USING btree (giver_id, planned_at);
CREATE INDEX activity_latest ON activities_activity USING btree (at DESC, id DESC);
CREATE INDEX activity_link_of_card ON activities_activitylink USING btree (kind, key);
CREATE INDEX activity_next_of_customer ON activities_activity USING btree (counterparty_id, planned_at) WHERE ((NOT is_archived) AND ((state)::text = ANY (ARRAY[('open'::character varying)::text, ('accepted'::character varying)::text])));
CREATE INDEX activity_of_customer ON activities_activity USING btree (counterparty_id, at DESC, id DESC) WHERE ((NOT is_archived) AND ((state)::text = ANY (ARRAY[('done'::character varying)::text, ('declined'::character varying)::text])));
CREATE INDEX activity_of_participant ON activities_activityperson USING btree (user_id, activity_id);
CREATE INDEX activity_to_remind ON activities_activity USING btree (remind_at);
CREATE UNIQUE INDEX activity_unique_source ON activities_activity USING btree (source) WHERE (NOT ((source)::text = ''::text));
CREATE INDEX api_apitoken_digest_42d9074b_like ON api_apitoken USING btree (digest varchar_pattern_ops);
CREATE INDEX api_apitoken_user_id_9cffaf33 ON api_apitoken USING btree (user_id);
CREATE INDEX api_replay_by_age ON api_apireplay USING btree (created_at);
CREATE INDEX api_token_of_user ON api_apitoken USING btree (user_id, created_at DESC);
CREATE INDEX attachment_by_digest ON counterparties_attachment USING btree (digest);
CREATE INDEX attachment_of_card ON counterparties_attachment USING btree (kind, key, name, version DESC);
CREATE INDEX audit_securityevent_at_90cf90dd ON audit_securityevent USING btree (at);
CREATE INDEX auth_group_name_a6ea08ec_like ON auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON auth_permission USING btree (content_type_id);
CREATE INDEX axes_accessattempt_ip_address_10922d9c ON axes_accessattempt USING btree (ip_address);
CREATE INDEX axes_accessattempt_user_agent_ad89678b ON axes_accessattempt USING btree (user_agent);
CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON axes_accessattempt USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON axes_accessattempt USING btree (username);
CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON axes_accessattempt USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON axes_accessfailurelog USING btree (ip_address);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON axes_accessfailurelog USING btree (user_agent);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON axes_accessfailurelog USING btree (username);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON axes_accessfailurelog USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accesslog_ip_address_86b417e5 ON axes_accesslog USING btree (ip_address);
CREATE INDEX axes_accesslog_user_agent_0e659004 ON axes_accesslog USING btree (user_agent);
CREATE INDEX axes_accesslog_user_agent_0e659004_like ON axes_accesslog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accesslog_username_df93064b ON axes_accesslog USING btree (username);
CREATE INDEX axes_accesslog_username_df93064b_like ON axes_accesslog USING btree (username varchar_pattern_ops);
CREATE INDEX base_by_ref ON sales_invoicebase USING btree (node_id, ref) WHERE (NOT ((ref)::text = ''::text));
CREATE UNIQUE INDEX branch_node_unique_code ON replication_branchnode USING btree (join_code_digest) WHERE (NOT ((join_code_digest)::text = ''::text));
CREATE INDEX bulk_job_by_state ON core_bulkjob USING btree (state, updated_at);
CREATE INDEX bulk_row_by_state ON core_bulkrow USING btree (job_id, state, id);
CREATE INDEX catalog_productgroup_parent_id_f743f98c ON catalog_productgroup USING btree (parent_id);
CREATE INDEX catalog_productgrouplink_group_id_671eed9a ON catalog_productgrouplink USING btree (group_id);
CREATE INDEX catalog_propertyoption_property_id_7d61f9d8 ON catalog_propertyoption USING btree (property_id);
CREATE INDEX comment_of_activity ON activities_comment USING btree (activity_id, created_at);
CREATE INDEX conflict_by_row ON replication_conflict USING btree (key);
CREATE INDEX conflict_latest ON replication_conflict USING btree (created_at DESC, id DESC);
CREATE INDEX contact_person_by_birthday ON counterparties_contactperson USING btree (((((EXTRACT(month FROM born_on))::integer * 100) + (EXTRACT(day FROM born_on))::integer))) WHERE (born_on IS NOT NULL);
CREATE INDEX contact_person_by_email ON counterparties_contactperson USING btree (lower((email)::text)) WHERE (NOT ((email)::text = ''::text));
CREATE INDEX contact_person_by_name ON counterparties_contactperson USING btree (full_name, id);
CREATE INDEX contact_person_by_part ON counterparties_contactperson USING gin (search_text gin_trgm_ops);
CREATE INDEX contact_person_by_phone ON counterparties_contactperson USING btree ("right"(regexp_replace((phone)::text, '\D'::text, ''::text, 'g'::text), 10)) WHERE (NOT ((phone)::text = ''::text));
CREATE INDEX contact_person_by_start ON counterparties_contactperson USING btree ("left"(search_text, 40) text_pattern_ops);
CREATE INDEX contact_person_by_tag ON counterparties_contactperson USING gin (tags jsonb_path_ops);
CREATE INDEX core_exportjob_schedule_id_eeac442f ON core_exportjob USING btree (schedule_id);
CREATE INDEX counterparties_attachment_author_id_a53e20ef ON counterparties_attachment USING btree (author_id);
CREATE INDEX counterparties_attachment_counterparty_id_8b5b76c6 ON counterparties_attachment USING btree (counterparty_id);
CREATE INDEX counterparties_bankaccount_counterparty_id_dce7e2c8 ON counterparties_bankaccount USING btree (counterparty_id);
CREATE INDEX counterparties_consent_counterparty_id_87e72774 ON counterparties_consent USING btree (counterparty_id);
CREATE INDEX counterparties_consent_person_id_68b2e649 ON counterparties_consent USING btree (person_id);
CREATE INDEX counterparties_contactperson_counterparty_id_ad3cb5be ON counterparties_contactperson USING btree (counterparty_id);
CREATE INDEX counterparties_contactpoint_counterparty_id_b8c1df06 ON counterparties_contactpoint USING btree (counterparty_id);
CREATE INDEX counterparties_contactpoint_person_id_f399dfb7 ON counterparties_contactpoint USING btree (person_id);
CREATE INDEX counterparties_contactrole_counterparty_id_31d385cb ON counterparties_contactrole USING btree (counterparty_id);
CREATE INDEX counterparties_contactrole_person_id_dca02739 ON counterparties_contactrole USING btree (person_id);
CREATE INDEX counterparties_counterparty_parent_id_b6bccc42 ON counterparties_counterparty USING btree (parent_id);
CREATE INDEX counterparties_counterparty_responsible_id_58fc9028 ON counterparties_counterparty USING btree (responsible_id);
CREATE INDEX counterparties_counterparty_tax_number_f5901074 ON counterparties_counterparty USING btree (tax_number);
CREATE INDEX counterparties_counterparty_tax_number_f5901074_like ON counterparties_counterparty USING btree (tax_number varchar_pattern_ops);
CREATE INDEX counterparties_handover_author_id_90c47d72 ON counterparties_handover USING btree (author_id);
CREATE INDEX counterparties_handover_giver_id_87ba5e26 ON counterparties_handover USING btree (giver_id);
CREATE INDEX counterparties_handover_receiver_id_e736bc50 ON counterparties_handover USING btree (receiver_id);
CREATE INDEX counterparties_importantdate_counterparty_id_367025e8 ON counterparties_importantdate USING btree (counterparty_id);
CREATE INDEX counterparty_by_card ON counterparties_counterparty USING btree (card_number) WHERE (NOT ((card_number)::text = ''::text));
CREATE INDEX counterparty_by_email ON counterparties_counterparty USING btree (lower((email)::text)) WHERE (NOT ((email)::text = ''::text));
CREATE INDEX counterparty_by_name ON counterparties_counterparty USING btree (sort_name, id);
CREATE INDEX counterparty_by_office ON counterparties_counterparty USING btree (office_id) WHERE (office_id IS NOT NULL);
CREATE INDEX counterparty_by_part ON counterparties_counterparty USING gin (search_text gin_trgm_ops);
CREATE INDEX counterparty_by_phone ON counterparties_counterparty USING btree ("right"(regexp_replace((phone)::text, '\D'::text, ''::text, 'g'::text), 10)) WHERE (NOT ((phone)::text = ''::text));
CREATE INDEX counterparty_by_start ON counterparties_counterparty USING btree ("left"(search_text, 40) text_pattern_ops);
CREATE INDEX counterparty_by_status ON counterparties_counterparty USING btree (status, created_at DESC, id DESC) WHERE (NOT ((status)::text = 'customer'::text));
CREATE INDEX counterparty_by_tag ON counterparties_counterparty USING gin (tags jsonb_path_ops);
CREATE UNIQUE INDEX counterparty_unique_ref ON counterparties_counterparty USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX custom_customobject_key_b96e5578_like ON custom_customobject USING btree (key varchar_pattern_ops);
CREATE INDEX custom_customrow_kind_id_63f0cc78 ON custom_customrow USING btree (kind_id);
CREATE INDEX custom_customrow_responsible_id_bd9b83e4 ON custom_customrow USING btree (responsible_id);
CREATE INDEX custom_menulayout_role_cd6ad179_like ON custom_menulayout USING btree (role varchar_pattern_ops);
CREATE INDEX custom_row_by_name ON custom_customrow USING btree (kind_id, sort_name, id);
CREATE INDEX custom_row_of_counterparty ON custom_customrow USING btree (counterparty_id) WHERE (counterparty_id IS NOT NULL);
CREATE UNIQUE INDEX custom_row_unique_ref ON custom_customrow USING btree (kind_id, node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX deal_by_amount ON deals_deal USING btree (amount DESC, id DESC);
CREATE INDEX deal_by_closing ON deals_deal USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE INDEX deal_by_column ON deals_deal USING btree (stage_id, touched_at DESC, id DESC) WHERE (NOT is_archived);
CREATE INDEX deal_by_counterparty ON deals_deal USING btree (counterparty_id, opened_at DESC);
CREATE INDEX deal_by_expected ON deals_deal USING btree (expected_on, id);
CREATE INDEX deal_by_name ON deals_deal USING btree (name, id);
CREATE INDEX deal_by_opening ON deals_deal USING btree (pipeline_id, opened_at);
CREATE INDEX deal_by_owner ON deals_deal USING btree (owner_id, stage_id, touched_at DESC);
CREATE INDEX deal_by_tag ON deals_deal USING gin (tags jsonb_path_ops);
CREATE INDEX deal_by_touch ON deals_deal USING btree (touched_at DESC, id DESC);
CREATE INDEX deal_sums_of_columns ON deals_deal USING btree (pipeline_id, stage_id, currency) INCLUDE (amount) WHERE ((closed_at IS NULL) AND (NOT is_archived));
CREATE INDEX deals_deal_counterparty_id_a5e9d914 ON deals_deal USING btree (counterparty_id);
CREATE INDEX deals_deal_loss_reason_id_3c2b6cf3 ON deals_deal USING btree (loss_reason_id);
CREATE INDEX deals_deal_owner_id_2f09ac61 ON deals_deal USING btree (owner_id);
CREATE INDEX deals_deal_pipeline_id_0cf5d68d ON deals_deal USING btree (pipeline_id);
CREATE INDEX deals_deal_price_type_id_fcd7c4b9 ON deals_deal USING btree (price_type_id);
CREATE INDEX deals_deal_stage_id_0342b533 ON deals_deal USING btree (stage_id);
CREATE INDEX deals_dealinvoice_deal_id_88a9e285 ON deals_dealinvoice USING btree (deal_id);
CREATE INDEX deals_dealline_characteristic_id_c76d3ed6 ON deals_dealline USING btree (characteristic_id);
CREATE INDEX deals_dealline_deal_id_0d1f9696 ON deals_dealline USING btree (deal_id);
CREATE INDEX deals_dealline_product_id_e0d27ef9 ON deals_dealline USING btree (product_id);
CREATE INDEX deals_dealmember_deal_id_ec81a7c4 ON deals_dealmember USING btree (deal_id);
CREATE INDEX deals_dealmember_user_id_f2b0fe3a ON deals_dealmember USING btree (user_id);
CREATE INDEX deals_dealparticipant_deal_id_a9ef6495 ON deals_dealparticipant USING btree (deal_id);
CREATE INDEX deals_dealparticipant_person_id_89eb7366 ON deals_dealparticipant USING btree (person_id);
CREATE INDEX deals_quotation_author_id_8d0197f7 ON deals_quotation USING btree (author_id);
CREATE INDEX deals_quotation_deal_id_283b4155 ON deals_quotation USING btree (deal_id);
CREATE INDEX deals_quotation_decided_by_id_cbd4aaa2 ON deals_quotation USING btree (decided_by_id);
CREATE INDEX deals_quotation_invoice_id_a28790fd ON deals_quotation USING btree (invoice_id);
CREATE INDEX deals_quotation_organization_id_4a7f3af5 ON deals_quotation USING btree (organization_id);
CREATE INDEX deals_quotationline_characteristic_id_1d1e6b8d ON deals_quotationline USING btree (characteristic_id);
CREATE INDEX deals_quotationline_product_id_84b5fa83 ON deals_quotationline USING btree (product_id);
CREATE INDEX deals_quotationline_quotation_id_f13a36b2 ON deals_quotationline USING btree (quotation_id);
CREATE INDEX deals_salesplan_user_id_6c37f389 ON deals_salesplan USING btree (user_id);
CREATE INDEX deals_stage_pipeline_id_f7e13c40 ON deals_stage USING btree (pipeline_id);
CREATE INDEX deals_stagemove_by_id_d97ef81e ON deals_stagemove USING btree (by_id);
CREATE INDEX deals_stagemove_deal_id_0b4b60bf ON deals_stagemove USING btree (deal_id);
CREATE INDEX deals_stagemove_former_id_81b05244 ON deals_stagemove USING btree (former_id);
CREATE INDEX deals_stagemove_stage_id_92ac3510 ON deals_stagemove USING btree (stage_id);
CREATE INDEX directory_by_name ON catalog_directoryentry USING btree (directory_name, name, id);
CREATE INDEX django_session_expire_date_a5c62663 ON django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX duplicate_pair_queue ON duplicates_duplicatepair USING btree (kind, state, score DESC, id);
CREATE INDEX duplicate_pair_second ON duplicates_duplicatepair USING btree (second);
CREATE INDEX duplicates_duplicatepair_decided_by_id_980f5251 ON duplicates_duplicatepair USING btree (decided_by_id);
CREATE INDEX duplicates_merge_by_id_56466aa0 ON duplicates_merge USING btree (by_id);
CREATE INDEX duplicates_mergedrow_merge_id_109a13c9 ON duplicates_mergedrow USING btree (merge_id);
CREATE INDEX duplicates_search_kind_b1efcb42_like ON duplicates_search USING btree (kind varchar_pattern_ops);
CREATE INDEX exchange_exchangesession_node_id_0b43966b ON exchange_exchangesession USING btree (node_id);
CREATE INDEX exchange_exchangesession_repeats_id_eb0e3c1d ON exchange_exchangesession USING btree (repeats_id);
CREATE INDEX exchange_file_pending ON exchange_uploadedfile USING btree (session_id) WHERE ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('taking'::character varying)::text]));
CREATE UNIQUE INDEX exchange_file_unique_name ON exchange_uploadedfile USING btree (upload_id, name) WHERE is_current;
CREATE INDEX exchange_filepart_file_id_0faa25f2 ON exchange_filepart USING btree (file_id);
CREATE INDEX exchange_node_login_42a881ba_like ON exchange_node USING btree (login varchar_pattern_ops);
CREATE INDEX exchange_parkedrow_node_id_1425e81a ON exchange_parkedrow USING btree (node_id);
CREATE INDEX exchange_parkedrow_session_id_02ebc900 ON exchange_parkedrow USING btree (session_id);
CREATE INDEX exchange_problem_by_code ON exchange_sessionproblem USING btree (session_id, code);
CREATE INDEX exchange_seen_run ON exchange_seenkeys USING btree (node_id, session_id, kind);
CREATE INDEX exchange_session_latest ON exchange_exchangesession USING btree (created_at DESC, id DESC);
CREATE UNIQUE INDEX exchange_session_one_open ON exchange_exchangesession USING btree (node_id, subject) WHERE is_open;
CREATE INDEX exchange_session_queue ON exchange_exchangesession USING btree (queued_at) WHERE (queued_at IS NOT NULL);
CREATE INDEX exchange_sessionproblem_file_id_ca295204 ON exchange_sessionproblem USING btree (file_id);
CREATE INDEX exchange_sessionproblem_session_id_6aee7d7c ON exchange_sessionproblem USING btree (session_id);
CREATE INDEX exchange_upload_node_id_28570535 ON exchange_upload USING btree (node_id);
CREATE INDEX exchange_upload_session_id_3919afc5 ON exchange_upload USING btree (session_id);
CREATE INDEX exchange_uploadedfile_container_id_c443b08f ON exchange_uploadedfile USING btree (container_id);
CREATE INDEX exchange_uploadedfile_session_id_aed58d1b ON exchange_uploadedfile USING btree (session_id);
CREATE INDEX exchange_uploadedfile_upload_id_b467e844 ON exchange_uploadedfile USING btree (upload_id);
CREATE INDEX export_job_by_state ON core_exportjob USING btree (state, updated_at);
CREATE INDEX export_job_of_person ON core_exportjob USING btree (user_id, created_at DESC, id DESC);
CREATE INDEX export_schedule_due ON core_exportschedule USING btree (next_at, id) WHERE is_active;
CREATE INDEX export_schedule_of_person ON core_exportschedule USING btree (user_id, id);
CREATE INDEX figures_letter_due ON reports_figuresletter USING btree (at) WHERE (NOT ((rhythm)::text = 'never'::text));
CREATE INDEX finance_payment_counterparty_id_d46e235e ON finance_payment USING btree (counterparty_id);
CREATE INDEX former_view_by_age ON core_formerview USING btree (changed_at);
CREATE INDEX former_view_of_list ON core_formerview USING btree (list_key, changed_at DESC, id DESC);
CREATE INDEX import_line_outcome ON imports_importline USING btree (run_id, outcome, number);
CREATE INDEX import_run_latest ON imports_importrun USING btree (created_at DESC, id DESC);
CREATE INDEX important_date_by_day ON counterparties_importantdate USING btree (((((EXTRACT(month FROM "on"))::integer * 100) + (EXTRACT(day FROM "on"))::integer)));
CREATE INDEX imports_importrun_by_id_dc8ff496 ON imports_importrun USING btree (by_id);
CREATE INDEX invoice_by_counterparty ON sales_invoice USING btree (counterparty_id, issued_on DESC);
CREATE INDEX invoice_by_date ON sales_invoice USING btree (issued_on DESC, id DESC);
CREATE INDEX invoice_by_tag ON sales_invoice USING gin (tags jsonb_path_ops);
CREATE UNIQUE INDEX invoice_conflict_one_open ON sales_invoiceconflict USING btree (invoice_id, node_id, line_key, field) WHERE ((state)::text = 'open'::text);
CREATE INDEX invoice_event_by_time ON sales_invoiceevent USING btree (invoice_id, at);
CREATE UNIQUE INDEX invoice_unique_number ON sales_invoice USING btree (number) WHERE (NOT ((number)::text = ''::text));
CREATE INDEX mail_file_by_digest ON mail_mailfile USING btree (digest);
CREATE INDEX mail_ignoredsender_author_id_955c09e1 ON mail_ignoredsender USING btree (author_id);
CREATE INDEX mail_ignoredsender_mailbox_id_57acf774 ON mail_ignoredsender USING btree (mailbox_id);
CREATE INDEX mail_link_of_card ON mail_maillink USING btree (kind, key, at DESC, id DESC);
CREATE INDEX mail_mailbox_address_994dad53_like ON mail_mailbox USING btree (address varchar_pattern_ops);
CREATE INDEX mail_mailbox_owner_id_c772af7c ON mail_mailbox USING btree (owner_id);
CREATE INDEX mail_mailfile_message_id_64d93a54 ON mail_mailfile USING btree (message_id);
CREATE INDEX mail_mailfolder_mailbox_id_3a5f7a25 ON mail_mailfolder USING btree (mailbox_id);
CREATE INDEX mail_maillink_counterparty_id_e9d8ff66 ON mail_maillink USING btree (counterparty_id);
CREATE INDEX mail_maillink_message_id_889e545d ON mail_maillink USING btree (message_id);
CREATE INDEX mail_mailmessage_message_id_4195595c_like ON mail_mailmessage USING btree (message_id varchar_pattern_ops);
CREATE INDEX mail_mailplace_folder_id_d1f6c71a ON mail_mailplace USING btree (folder_id);
CREATE INDEX mail_mailplace_message_id_e733ab66 ON mail_mailplace USING btree (message_id);
CREATE INDEX mail_mailsending_author_id_d2d2ad30 ON mail_mailsending USING btree (author_id);
CREATE INDEX mail_mailsending_mailbox_id_cd98cb82 ON mail_mailsending USING btree (mailbox_id);
CREATE INDEX mail_message_by_part ON mail_mailmessage USING gin (search_text gin_trgm_ops);
CREATE INDEX mail_message_latest ON mail_mailmessage USING btree (sent_at DESC, id DESC);
CREATE INDEX mail_message_of_sender ON mail_mailmessage USING btree (from_address, sent_at DESC);
CREATE INDEX mail_message_thread ON mail_mailmessage USING btree (thread) WHERE (NOT ((thread)::text = ''::text));
CREATE INDEX mail_sending_due ON mail_mailsending USING btree (leaves_at) WHERE ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('sending'::character varying)::text]));
CREATE INDEX mail_sending_to_copy ON mail_mailsending USING btree (mailbox_id, id) WHERE ((copied_at IS NULL) AND ((state)::text = 'sent'::text));
CREATE INDEX mention_of_person ON activities_mention USING btree (user_id, created_at DESC, id DESC);
CREATE INDEX merge_latest ON duplicates_merge USING btree (created_at DESC, id DESC);
CREATE INDEX merged_row_by_ref ON duplicates_mergedrow USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX merged_row_into ON duplicates_mergedrow USING btree (kept);
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON mfa_authenticator USING btree (user_id);
CREATE INDEX notification_by_user ON notifications_notification USING btree (user_id, created_at DESC);
CREATE INDEX notification_for_digest ON notifications_notification USING btree (user_id, created_at) WHERE is_for_digest;
CREATE INDEX notification_to_mail ON notifications_notification USING btree (mail_at) WHERE (mail_at IS NOT NULL);
CREATE INDEX notifications_notification_user_id_b5e8c0ff ON notifications_notification USING btree (user_id);
CREATE UNIQUE INDEX organization_one_default ON core_organization USING btree (is_default) WHERE is_default;
CREATE UNIQUE INDEX organization_unique_ref ON core_organization USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX payment_by_day ON finance_payment USING btree (paid_on, id);
CREATE UNIQUE INDEX payment_unique_ref ON finance_payment USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE UNIQUE INDEX pipeline_one_default ON deals_pipeline USING btree (is_default) WHERE is_default;
CREATE INDEX point_by_value ON counterparties_contactpoint USING btree (normalized) WHERE (NOT ((normalized)::text = ''::text));
CREATE INDEX portal_message_of_card ON portal_portalmessage USING btree (kind, key, created_at);
CREATE INDEX portal_message_of_customer ON portal_portalmessage USING btree (counterparty_id, created_at DESC);
CREATE INDEX portal_portallink_author_id_1111bcc5 ON portal_portallink USING btree (author_id);
CREATE INDEX portal_portallink_counterparty_id_c6ca9423 ON portal_portallink USING btree (counterparty_id);
CREATE INDEX portal_portallink_digest_22690882_like ON portal_portallink USING btree (digest varchar_pattern_ops);
CREATE INDEX portal_portallink_person_id_7d13170b ON portal_portallink USING btree (person_id);
CREATE INDEX portal_portalmessage_author_id_7ba8d8d6 ON portal_portalmessage USING btree (author_id);
CREATE INDEX portal_portalmessage_counterparty_id_e4071fce ON portal_portalmessage USING btree (counterparty_id);
CREATE INDEX portal_portalmessage_person_id_aa04bf95 ON portal_portalmessage USING btree (person_id);
CREATE UNIQUE INDEX price_type_unique_ref ON catalog_pricetype USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX product_by_group ON catalog_product USING btree (group_id, sort_name, id);
CREATE INDEX product_by_name ON catalog_product USING btree (sort_name, id);
CREATE INDEX product_by_part ON catalog_product USING gin (search_text gin_trgm_ops);
CREATE UNIQUE INDEX product_category_unique_ref ON catalog_productcategory USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX product_file_by_path ON catalog_productfile USING btree (path);
CREATE UNIQUE INDEX product_group_unique_ref ON catalog_productgroup USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE UNIQUE INDEX product_property_value_unique ON catalog_productpropertyvalue USING btree (product_id, property_id, option_id, md5(value)) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX product_unique_ref ON catalog_product USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE UNIQUE INDEX property_unique_ref ON catalog_property USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX quotation_by_date ON deals_quotation USING btree (issued_on DESC, id DESC);
CREATE INDEX quotation_by_status ON deals_quotation USING btree (status, issued_on DESC);
CREATE INDEX registers_registeraccess_register_40a6df6a_like ON registers_registeraccess USING btree (register varchar_pattern_ops);
CREATE INDEX remembered_by_person ON core_remembered USING btree (user_id, is_pinned DESC, seen_at DESC);
CREATE UNIQUE INDEX remembered_unique_url ON core_remembered USING btree (user_id, md5((url)::text));
CREATE INDEX replication_conflict_node_id_6da8d0c8 ON replication_conflict USING btree (node_id);
CREATE INDEX replication_journal_by_key ON replication_journal USING btree (key) WHERE (key IS NOT NULL);
CREATE INDEX replication_journal_by_transaction ON replication_journal USING btree (xid);
CREATE INDEX replication_messagelog_node_id_6e8492ed ON replication_messagelog USING btree (node_id);
CREATE INDEX replication_messagepart_node_id_2fa26118 ON replication_messagepart USING btree (node_id);
CREATE INDEX replication_outgoingmessage_node_id_692a6f1d ON replication_outgoingmessage USING btree (node_id);
CREATE INDEX replication_parkedchange_node_id_f2c98543 ON replication_parkedchange USING btree (node_id);
CREATE INDEX replication_reader_name_9a0e2907_like ON replication_reader USING btree (name varchar_pattern_ops);
CREATE INDEX reports_reportsettings_cost_price_type_id_49b74a77 ON reports_reportsettings USING btree (cost_price_type_id);
CREATE INDEX reports_savedreport_user_id_fd57554a ON reports_savedreport USING btree (user_id);
CREATE INDEX request_by_counterparty ON service_servicerequest USING btree (counterparty_id, created_at DESC);
CREATE INDEX request_by_moment ON service_servicerequest USING btree (created_at DESC, id DESC);
CREATE INDEX request_by_owner ON service_servicerequest USING btree (owner_id, state);
CREATE INDEX request_by_tag ON service_servicerequest USING gin (tags jsonb_path_ops);
CREATE INDEX request_open_by_deadline ON service_servicerequest USING btree (due_at, id) WHERE (closed_at IS NULL);
CREATE INDEX retention_retentionrule_kind_6251bf5e_like ON retention_retentionrule USING btree (kind varchar_pattern_ops);
CREATE INDEX retention_retentionrule_set_by_id_8c75cadb ON retention_retentionrule USING btree (set_by_id);
CREATE INDEX row_change_by_moment ON history_rowchange USING btree (moment);
CREATE INDEX row_change_of_card ON history_rowchange USING btree (owner, moment DESC, id DESC);
CREATE INDEX row_change_of_part ON history_rowchange USING btree (key, moment DESC, id DESC) WHERE (NOT (key = owner));
CREATE INDEX sales_delivery_invoice_id_5e8c5c33 ON sales_delivery USING btree (invoice_id);
CREATE INDEX sales_invoice_counterparty_id_4d11f311 ON sales_invoice USING btree (counterparty_id);
CREATE INDEX sales_invoice_organization_id_a96afe2d ON sales_invoice USING btree (organization_id);
CREATE INDEX sales_invoice_price_type_id_f493338d ON sales_invoice USING btree (price_type_id);
CREATE INDEX sales_invoice_responsible_id_2b7fcb97 ON sales_invoice USING btree (responsible_id);
CREATE INDEX sales_invoice_warehouse_id_b3873f38 ON sales_invoice USING btree (warehouse_id);
CREATE INDEX sales_invoicebase_invoice_id_04e66dd5 ON sales_invoicebase USING btree (invoice_id);
CREATE INDEX sales_invoiceconflict_invoice_id_61519cfc ON sales_invoiceconflict USING btree (invoice_id);
CREATE INDEX sales_invoiceconflict_resolved_by_id_1e1f39f2 ON sales_invoiceconflict USING btree (resolved_by_id);
CREATE INDEX sales_invoiceevent_author_id_38b00aa5 ON sales_invoiceevent USING btree (author_id);
CREATE INDEX sales_invoiceevent_invoice_id_61b9b50a ON sales_invoiceevent USING btree (invoice_id);
CREATE INDEX sales_invoiceline_characteristic_id_0fa707e4 ON sales_invoiceline USING btree (characteristic_id);
CREATE INDEX sales_invoiceline_invoice_id_7057a7be ON sales_invoiceline USING btree (invoice_id);
CREATE INDEX sales_invoiceline_product_id_2a98b3a4 ON sales_invoiceline USING btree (product_id);
CREATE INDEX sales_invoicepayment_invoice_id_a475003d ON sales_invoicepayment USING btree (invoice_id);
CREATE INDEX sales_invoicepayment_payment_id_4a1bf378 ON sales_invoicepayment USING btree (payment_id);
CREATE INDEX sales_numbersequence_organization_id_d3154b75 ON sales_numbersequence USING btree (organization_id);
CREATE INDEX sales_tradeterms_price_type_id_b4918f73 ON sales_tradeterms USING btree (price_type_id);
CREATE INDEX saved_view_by_list ON core_savedview USING btree (list_key, "position", id);
CREATE UNIQUE INDEX saved_view_one_default ON core_savedview USING btree (list_key) WHERE is_default;
CREATE INDEX security_event_by_kind ON audit_securityevent USING btree (kind, at DESC);
CREATE INDEX security_event_by_login ON audit_securityevent USING btree (login, at DESC);
CREATE INDEX service_servicerequest_author_id_17b49195 ON service_servicerequest USING btree (author_id);
CREATE INDEX service_servicerequest_counterparty_id_9b42cb86 ON service_servicerequest USING btree (counterparty_id);
CREATE INDEX service_servicerequest_invoice_id_8d2af4c0 ON service_servicerequest USING btree (invoice_id);
CREATE INDEX service_servicerequest_owner_id_a085ec71 ON service_servicerequest USING btree (owner_id);
CREATE INDEX service_servicerequest_person_id_1b8d8c89 ON service_servicerequest USING btree (person_id);
CREATE INDEX service_servicerequest_product_id_2d025f18 ON service_servicerequest USING btree (product_id);
CREATE INDEX stage_by_position ON deals_stage USING btree (pipeline_id, "position");
CREATE INDEX stage_move_by_stage ON deals_stagemove USING btree (stage_id, at);
CREATE INDEX stage_move_by_time ON deals_stagemove USING btree (deal_id, at);
CREATE UNIQUE INDEX stage_one_end_of_each_kind ON deals_stage USING btree (pipeline_id, kind) WHERE ((NOT ((kind)::text = 'open'::text)) AND (NOT is_archived));
CREATE INDEX tag_by_name ON core_tag USING btree (folded_name);
CREATE UNIQUE INDEX team_unique_name ON accounts_team USING btree (lower((name)::text));
CREATE UNIQUE INDEX unique_authenticator_type ON mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY (ARRAY[('totp'::character varying)::text, ('recovery_codes'::character varying)::text]));
CREATE UNIQUE INDEX unique_primary_email ON account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON account_emailaddress USING btree (email) WHERE verified;
CREATE UNIQUE INDEX unit_unique_ref ON catalog_unit USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE UNIQUE INDEX user_one_team_head ON accounts_user USING btree (team_id) WHERE is_team_head;
CREATE UNIQUE INDEX user_unique_email ON accounts_user USING btree (lower((email)::text));
CREATE UNIQUE INDEX warehouse_unique_ref ON inventory_warehouse USING btree (node_id, ref) WHERE (node_id IS NOT NULL);
CREATE INDEX web_form_post_by_time ON webforms_webformpost USING btree (form_id, created_at);
CREATE INDEX webforms_webform_key_103948fb_like ON webforms_webform USING btree (key varchar_pattern_ops);
CREATE INDEX webforms_webform_owner_id_f1ac77f8 ON webforms_webform USING btree (owner_id);
CREATE INDEX webforms_webformpost_form_id_be6c35d2 ON webforms_webformpost USING btree (form_id);
CREATE INDEX webhook_delivery_log ON webhooks_webhookdelivery USING btree (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_delivery_waiting ON webhooks_webhookdelivery USING btree (next_at) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX webhooks_webhook_owner_id_fa512fda ON webhooks_webhook USING btree (owner_id);
CREATE INDEX webhooks_webhookdelivery_webhook_id_195f5243 ON webhooks_webhookdelivery USING btree (webhook_id);
CREATE OR REPLACE FUNCTION journal_accounts_accessrole()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'accounts_accessrole', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."base" IS DISTINCT FROM OLD."base" THEN c := c || jsonb_build_object('base', jsonb_build_array(OLD."base", NEW."base")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_accessrole', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_accessrole', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_accounts_companymodule()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'accounts_companymodule', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."is_on" IS DISTINCT FROM OLD."is_on" THEN c := c || jsonb_build_object('is_on', jsonb_build_array(OLD."is_on", NEW."is_on")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."seats" IS DISTINCT FROM OLD."seats" THEN c := c || jsonb_build_object('seats', jsonb_build_array(OLD."seats", NEW."seats")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_companymodule', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_companymodule', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_accounts_rolefield()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'accounts_rolefield', array_agg(n."id"), array_agg(n."role_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."access" IS DISTINCT FROM OLD."access" THEN c := c || jsonb_build_object('access', jsonb_build_array(OLD."access", NEW."access")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."field" IS DISTINCT FROM OLD."field" THEN c := c || jsonb_build_object('field', jsonb_build_array(OLD."field", NEW."field")); END IF;
    IF NEW."object" IS DISTINCT FROM OLD."object" THEN c := c || jsonb_build_object('object', jsonb_build_array(OLD."object", NEW."object")); END IF;
    IF NEW."role_id" IS DISTINCT FROM OLD."role_id" THEN c := c || jsonb_build_object('role_id', jsonb_build_array(OLD."role_id", NEW."role_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_rolefield', NEW."id", NEW."role_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_rolefield', OLD."id", OLD."role_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_accounts_roleright()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'accounts_roleright', array_agg(n."id"), array_agg(n."role_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."action" IS DISTINCT FROM OLD."action" THEN c := c || jsonb_build_object('action', jsonb_build_array(OLD."action", NEW."action")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."object" IS DISTINCT FROM OLD."object" THEN c := c || jsonb_build_object('object', jsonb_build_array(OLD."object", NEW."object")); END IF;
    IF NEW."role_id" IS DISTINCT FROM OLD."role_id" THEN c := c || jsonb_build_object('role_id', jsonb_build_array(OLD."role_id", NEW."role_id")); END IF;
    IF NEW."scope" IS DISTINCT FROM OLD."scope" THEN c := c || jsonb_build_object('scope', jsonb_build_array(OLD."scope", NEW."scope")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_roleright', NEW."id", NEW."role_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_roleright', OLD."id", OLD."role_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_accounts_team()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'accounts_team', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."parent_id" IS DISTINCT FROM OLD."parent_id" THEN c := c || jsonb_build_object('parent_id', jsonb_build_array(OLD."parent_id", NEW."parent_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_team', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_team', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_accounts_user()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'accounts_user', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."access_role_id" IS DISTINCT FROM OLD."access_role_id" THEN c := c || jsonb_build_object('access_role_id', jsonb_build_array(OLD."access_role_id", NEW."access_role_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."email" IS DISTINCT FROM OLD."email" THEN c := c || jsonb_build_object('email', jsonb_build_array(OLD."email", NEW."email")); END IF;
    IF NEW."full_name" IS DISTINCT FROM OLD."full_name" THEN c := c || jsonb_build_object('full_name', jsonb_build_array(OLD."full_name", NEW."full_name")); END IF;
    IF NEW."is_active" IS DISTINCT FROM OLD."is_active" THEN c := c || jsonb_build_object('is_active', jsonb_build_array(OLD."is_active", NEW."is_active")); END IF;
    IF NEW."is_team_head" IS DISTINCT FROM OLD."is_team_head" THEN c := c || jsonb_build_object('is_team_head', jsonb_build_array(OLD."is_team_head", NEW."is_team_head")); END IF;
    IF NEW."language" IS DISTINCT FROM OLD."language" THEN c := c || jsonb_build_object('language', jsonb_build_array(OLD."language", NEW."language")); END IF;
    IF NEW."office_id" IS DISTINCT FROM OLD."office_id" THEN c := c || jsonb_build_object('office_id', jsonb_build_array(OLD."office_id", NEW."office_id")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF NEW."team_id" IS DISTINCT FROM OLD."team_id" THEN c := c || jsonb_build_object('team_id', jsonb_build_array(OLD."team_id", NEW."team_id")); END IF;
    IF NEW."time_zone" IS DISTINCT FROM OLD."time_zone" THEN c := c || jsonb_build_object('time_zone', jsonb_build_array(OLD."time_zone", NEW."time_zone")); END IF;
    IF NEW."without_modules" IS DISTINCT FROM OLD."without_modules" THEN c := c || jsonb_build_object('without_modules', jsonb_build_array(OLD."without_modules", NEW."without_modules")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_user', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('accounts_user', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD) - 'password' - 'last_login') e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_activities_activity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'activities_activity', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."at" IS DISTINCT FROM OLD."at" THEN c := c || jsonb_build_object('at', jsonb_build_array(OLD."at", NEW."at")); END IF;
    IF NEW."completed_at" IS DISTINCT FROM OLD."completed_at" THEN c := c || jsonb_build_object('completed_at', jsonb_build_array(OLD."completed_at", NEW."completed_at")); END IF;
    IF NEW."completed_by_id" IS DISTINCT FROM OLD."completed_by_id" THEN c := c || jsonb_build_object('completed_by_id', jsonb_build_array(OLD."completed_by_id", NEW."completed_by_id")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."due_at" IS DISTINCT FROM OLD."due_at" THEN c := c || jsonb_build_object('due_at', jsonb_build_array(OLD."due_at", NEW."due_at")); END IF;
    IF NEW."ends_at" IS DISTINCT FROM OLD."ends_at" THEN c := c || jsonb_build_object('ends_at', jsonb_build_array(OLD."ends_at", NEW."ends_at")); END IF;
    IF NEW."giver_id" IS DISTINCT FROM OLD."giver_id" THEN c := c || jsonb_build_object('giver_id', jsonb_build_array(OLD."giver_id", NEW."giver_id")); END IF;
    IF NEW."importance" IS DISTINCT FROM OLD."importance" THEN c := c || jsonb_build_object('importance', jsonb_build_array(OLD."importance", NEW."importance")); END IF;
    IF NEW."is_all_day" IS DISTINCT FROM OLD."is_all_day" THEN c := c || jsonb_build_object('is_all_day', jsonb_build_array(OLD."is_all_day", NEW."is_all_day")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."late_told_at" IS DISTINCT FROM OLD."late_told_at" THEN c := c || jsonb_build_object('late_told_at', jsonb_build_array(OLD."late_told_at", NEW."late_told_at")); END IF;
    IF NEW."owner_id" IS DISTINCT FROM OLD."owner_id" THEN c := c || jsonb_build_object('owner_id', jsonb_build_array(OLD."owner_id", NEW."owner_id")); END IF;
    IF NEW."place" IS DISTINCT FROM OLD."place" THEN c := c || jsonb_build_object('place', jsonb_build_array(OLD."place", NEW."place")); END IF;
    IF NEW."planned_at" IS DISTINCT FROM OLD."planned_at" THEN c := c || jsonb_build_object('planned_at', jsonb_build_array(OLD."planned_at", NEW."planned_at")); END IF;
    IF NEW."recurrence" IS DISTINCT FROM OLD."recurrence" THEN c := c || jsonb_build_object('recurrence', jsonb_build_array(OLD."recurrence", NEW."recurrence")); END IF;
    IF NEW."remind_at" IS DISTINCT FROM OLD."remind_at" THEN c := c || jsonb_build_object('remind_at', jsonb_build_array(OLD."remind_at", NEW."remind_at")); END IF;
    IF NEW."remind_rule" IS DISTINCT FROM OLD."remind_rule" THEN c := c || jsonb_build_object('remind_rule', jsonb_build_array(OLD."remind_rule", NEW."remind_rule")); END IF;
    IF NEW."result" IS DISTINCT FROM OLD."result" THEN c := c || jsonb_build_object('result', jsonb_build_array(OLD."result", NEW."result")); END IF;
    IF NEW."series" IS DISTINCT FROM OLD."series" THEN c := c || jsonb_build_object('series', jsonb_build_array(OLD."series", NEW."series")); END IF;
    IF NEW."source" IS DISTINCT FROM OLD."source" THEN c := c || jsonb_build_object('source', jsonb_build_array(OLD."source", NEW."source")); END IF;
    IF NEW."starts_at" IS DISTINCT FROM OLD."starts_at" THEN c := c || jsonb_build_object('starts_at', jsonb_build_array(OLD."starts_at", NEW."starts_at")); END IF;
    IF NEW."state" IS DISTINCT FROM OLD."state" THEN c := c || jsonb_build_object('state', jsonb_build_array(OLD."state", NEW."state")); END IF;
    IF NEW."subject" IS DISTINCT FROM OLD."subject" THEN c := c || jsonb_build_object('subject', jsonb_build_array(OLD."subject", NEW."subject")); END IF;
    IF NEW."tags" IS DISTINCT FROM OLD."tags" THEN c := c || jsonb_build_object('tags', jsonb_build_array(OLD."tags", NEW."tags")); END IF;
    IF NEW."text" IS DISTINCT FROM OLD."text" THEN c := c || jsonb_build_object('text', jsonb_build_array(OLD."text", NEW."text")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_activity', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_activity', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_activities_activitylink()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'activities_activitylink', array_agg(n."id"), array_agg(n."activity_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."activity_id" IS DISTINCT FROM OLD."activity_id" THEN c := c || jsonb_build_object('activity_id', jsonb_build_array(OLD."activity_id", NEW."activity_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_activitylink', NEW."id", NEW."activity_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_activitylink', OLD."id", OLD."activity_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_activities_activityperson()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'activities_activityperson', array_agg(n."id"), array_agg(n."activity_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."activity_id" IS DISTINCT FROM OLD."activity_id" THEN c := c || jsonb_build_object('activity_id', jsonb_build_array(OLD."activity_id", NEW."activity_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF NEW."user_id" IS DISTINCT FROM OLD."user_id" THEN c := c || jsonb_build_object('user_id', jsonb_build_array(OLD."user_id", NEW."user_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_activityperson', NEW."id", NEW."activity_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_activityperson', OLD."id", OLD."activity_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_activities_comment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'activities_comment', array_agg(n."id"), array_agg(n."activity_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."activity_id" IS DISTINCT FROM OLD."activity_id" THEN c := c || jsonb_build_object('activity_id', jsonb_build_array(OLD."activity_id", NEW."activity_id")); END IF;
    IF NEW."author_id" IS DISTINCT FROM OLD."author_id" THEN c := c || jsonb_build_object('author_id', jsonb_build_array(OLD."author_id", NEW."author_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."text" IS DISTINCT FROM OLD."text" THEN c := c || jsonb_build_object('text', jsonb_build_array(OLD."text", NEW."text")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_comment', NEW."id", NEW."activity_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_comment', OLD."id", OLD."activity_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_activities_mention()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'activities_mention', array_agg(n."id"), array_agg(n."activity_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."activity_id" IS DISTINCT FROM OLD."activity_id" THEN c := c || jsonb_build_object('activity_id', jsonb_build_array(OLD."activity_id", NEW."activity_id")); END IF;
    IF NEW."author_id" IS DISTINCT FROM OLD."author_id" THEN c := c || jsonb_build_object('author_id', jsonb_build_array(OLD."author_id", NEW."author_id")); END IF;
    IF NEW."comment_id" IS DISTINCT FROM OLD."comment_id" THEN c := c || jsonb_build_object('comment_id', jsonb_build_array(OLD."comment_id", NEW."comment_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."user_id" IS DISTINCT FROM OLD."user_id" THEN c := c || jsonb_build_object('user_id', jsonb_build_array(OLD."user_id", NEW."user_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_mention', NEW."id", NEW."activity_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('activities_mention', OLD."id", OLD."activity_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_characteristic()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_characteristic', array_agg(n."id"), array_agg(n."product_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."article", n."barcode", n."created_at", n."is_archived", n."name", n."node_id", n."product_id", n."ref", n."values") IS DISTINCT FROM ROW(o."article", o."barcode", o."created_at", o."is_archived", o."name", o."node_id", o."product_id", o."ref", o."values") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_characteristic', array_agg(n."id"), array_agg(n."product_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_characteristic', array_agg(o."id"), array_agg(o."product_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_directoryentry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_directoryentry', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."directory_name", n."directory_ref", n."is_archived", n."name", n."node_id", n."ref", n."values") IS DISTINCT FROM ROW(o."created_at", o."directory_name", o."directory_ref", o."is_archived", o."name", o."node_id", o."ref", o."values") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_directoryentry', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_directoryentry', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_price()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause, changed) SELECT 'catalog_price', array_agg("n_id"), array_agg("n_product_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''), nullif(jsonb_strip_nulls(jsonb_build_object('amount', CASE WHEN bool_or("n_amount" IS DISTINCT FROM "o_amount") THEN jsonb_build_array(to_jsonb(array_agg("o_amount")), to_jsonb(array_agg("n_amount"))) END, 'characteristic_id', CASE WHEN bool_or("n_characteristic_id" IS DISTINCT FROM "o_characteristic_id") THEN jsonb_build_array(to_jsonb(array_agg("o_characteristic_id")), to_jsonb(array_agg("n_characteristic_id"))) END, 'coefficient', CASE WHEN bool_or("n_coefficient" IS DISTINCT FROM "o_coefficient") THEN jsonb_build_array(to_jsonb(array_agg("o_coefficient")), to_jsonb(array_agg("n_coefficient"))) END, 'currency', CASE WHEN bool_or("n_currency" IS DISTINCT FROM "o_currency") THEN jsonb_build_array(to_jsonb(array_agg("o_currency")), to_jsonb(array_agg("n_currency"))) END, 'price_type_id', CASE WHEN bool_or("n_price_type_id" IS DISTINCT FROM "o_price_type_id") THEN jsonb_build_array(to_jsonb(array_agg("o_price_type_id")), to_jsonb(array_agg("n_price_type_id"))) END, 'product_id', CASE WHEN bool_or("n_product_id" IS DISTINCT FROM "o_product_id") THEN jsonb_build_array(to_jsonb(array_agg("o_product_id")), to_jsonb(array_agg("n_product_id"))) END, 'unit', CASE WHEN bool_or("n_unit" IS DISTINCT FROM "o_unit") THEN jsonb_build_array(to_jsonb(array_agg("o_unit")), to_jsonb(array_agg("n_unit"))) END)), '{}'::jsonb) FROM (SELECT n."id" AS "n_id", o."id" AS "o_id", n."amount" AS "n_amount", o."amount" AS "o_amount", n."characteristic_id" AS "n_characteristic_id", o."characteristic_id" AS "o_characteristic_id", n."coefficient" AS "n_coefficient", o."coefficient" AS "o_coefficient", n."currency" AS "n_currency", o."currency" AS "o_currency", n."price_type_id" AS "n_price_type_id", o."price_type_id" AS "o_price_type_id", n."product_id" AS "n_product_id", o."product_id" AS "o_product_id", n."unit" AS "n_unit", o."unit" AS "o_unit", row_number() OVER () / 2000 AS line FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."amount", n."characteristic_id", n."coefficient", n."created_at", n."currency", n."price_type_id", n."product_id", n."unit") IS DISTINCT FROM ROW(o."amount", o."characteristic_id", o."coefficient", o."created_at", o."currency", o."price_type_id", o."product_id", o."unit") AND coalesce(o."id" = n."id", false)) found GROUP BY line;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_price', array_agg(n."id"), array_agg(n."product_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_price', array_agg(o."id"), array_agg(o."product_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_pricetype()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_pricetype', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."currency", n."is_archived", n."is_cost", n."is_default", n."is_tax_included", n."name", n."node_id", n."ref") IS DISTINCT FROM ROW(o."created_at", o."currency", o."is_archived", o."is_cost", o."is_default", o."is_tax_included", o."name", o."node_id", o."ref") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_pricetype', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_pricetype', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_product()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause, changed) SELECT 'catalog_product', array_agg("n_id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''), nullif(jsonb_strip_nulls(jsonb_build_object('article', CASE WHEN bool_or("n_article" IS DISTINCT FROM "o_article") THEN jsonb_build_array(to_jsonb(array_agg("o_article")), to_jsonb(array_agg("n_article"))) END, 'barcode', CASE WHEN bool_or("n_barcode" IS DISTINCT FROM "o_barcode") THEN jsonb_build_array(to_jsonb(array_agg("o_barcode")), to_jsonb(array_agg("n_barcode"))) END, 'code', CASE WHEN bool_or("n_code" IS DISTINCT FROM "o_code") THEN jsonb_build_array(to_jsonb(array_agg("o_code")), to_jsonb(array_agg("n_code"))) END, 'country', CASE WHEN bool_or("n_country" IS DISTINCT FROM "o_country") THEN jsonb_build_array(to_jsonb(array_agg("o_country")), to_jsonb(array_agg("n_country"))) END, 'description', CASE WHEN bool_or("n_description" IS DISTINCT FROM "o_description") THEN jsonb_build_array(to_jsonb(array_agg("o_description")), to_jsonb(array_agg("n_description"))) END, 'full_name', CASE WHEN bool_or("n_full_name" IS DISTINCT FROM "o_full_name") THEN jsonb_build_array(to_jsonb(array_agg("o_full_name")), to_jsonb(array_agg("n_full_name"))) END, 'group_id', CASE WHEN bool_or("n_group_id" IS DISTINCT FROM "o_group_id") THEN jsonb_build_array(to_jsonb(array_agg("o_group_id")), to_jsonb(array_agg("n_group_id"))) END, 'is_archived', CASE WHEN bool_or("n_is_archived" IS DISTINCT FROM "o_is_archived") THEN jsonb_build_array(to_jsonb(array_agg("o_is_archived")), to_jsonb(array_agg("n_is_archived"))) END, 'is_service', CASE WHEN bool_or("n_is_service" IS DISTINCT FROM "o_is_service") THEN jsonb_build_array(to_jsonb(array_agg("o_is_service")), to_jsonb(array_agg("n_is_service"))) END, 'kind', CASE WHEN bool_or("n_kind" IS DISTINCT FROM "o_kind") THEN jsonb_build_array(to_jsonb(array_agg("o_kind")), to_jsonb(array_agg("n_kind"))) END, 'manufacturer', CASE WHEN bool_or("n_manufacturer" IS DISTINCT FROM "o_manufacturer") THEN jsonb_build_array(to_jsonb(array_agg("o_manufacturer")), to_jsonb(array_agg("n_manufacturer"))) END, 'name', CASE WHEN bool_or("n_name" IS DISTINCT FROM "o_name") THEN jsonb_build_array(to_jsonb(array_agg("o_name")), to_jsonb(array_agg("n_name"))) END, 'tax_rate', CASE WHEN bool_or("n_tax_rate" IS DISTINCT FROM "o_tax_rate") THEN jsonb_build_array(to_jsonb(array_agg("o_tax_rate")), to_jsonb(array_agg("n_tax_rate"))) END, 'unit_id', CASE WHEN bool_or("n_unit_id" IS DISTINCT FROM "o_unit_id") THEN jsonb_build_array(to_jsonb(array_agg("o_unit_id")), to_jsonb(array_agg("n_unit_id"))) END, 'weight', CASE WHEN bool_or("n_weight" IS DISTINCT FROM "o_weight") THEN jsonb_build_array(to_jsonb(array_agg("o_weight")), to_jsonb(array_agg("n_weight"))) END)), '{}'::jsonb) FROM (SELECT n."id" AS "n_id", o."id" AS "o_id", n."article" AS "n_article", o."article" AS "o_article", n."barcode" AS "n_barcode", o."barcode" AS "o_barcode", n."code" AS "n_code", o."code" AS "o_code", n."country" AS "n_country", o."country" AS "o_country", n."description" AS "n_description", o."description" AS "o_description", n."full_name" AS "n_full_name", o."full_name" AS "o_full_name", n."group_id" AS "n_group_id", o."group_id" AS "o_group_id", n."is_archived" AS "n_is_archived", o."is_archived" AS "o_is_archived", n."is_service" AS "n_is_service", o."is_service" AS "o_is_service", n."kind" AS "n_kind", o."kind" AS "o_kind", n."manufacturer" AS "n_manufacturer", o."manufacturer" AS "o_manufacturer", n."name" AS "n_name", o."name" AS "o_name", n."tax_rate" AS "n_tax_rate", o."tax_rate" AS "o_tax_rate", n."unit_id" AS "n_unit_id", o."unit_id" AS "o_unit_id", n."weight" AS "n_weight", o."weight" AS "o_weight", row_number() OVER () / 2000 AS line FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."article", n."attributes", n."barcode", n."catalog_ref", n."code", n."country", n."created_at", n."custom", n."description", n."full_name", n."group_id", n."is_archived", n."is_service", n."kind", n."manufacturer", n."name", n."node_id", n."ref", n."sort_name", n."tax_rate", n."unit_id", n."weight") IS DISTINCT FROM ROW(o."article", o."attributes", o."barcode", o."catalog_ref", o."code", o."country", o."created_at", o."custom", o."description", o."full_name", o."group_id", o."is_archived", o."is_service", o."kind", o."manufacturer", o."name", o."node_id", o."ref", o."sort_name", o."tax_rate", o."unit_id", o."weight") AND coalesce(o."id" = n."id", false)) found GROUP BY line;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_product', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_product', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_productfile()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productfile', array_agg(n."id"), array_agg(n."product_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."description", n."digest", n."is_picture", n."path", n."position", n."product_id", n."size") IS DISTINCT FROM ROW(o."created_at", o."description", o."digest", o."is_picture", o."path", o."position", o."product_id", o."size") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productfile', array_agg(n."id"), array_agg(n."product_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productfile', array_agg(o."id"), array_agg(o."product_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_productgroup()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productgroup', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."is_archived", n."name", n."node_id", n."parent_id", n."parent_ref", n."position", n."ref") IS DISTINCT FROM ROW(o."created_at", o."is_archived", o."name", o."node_id", o."parent_id", o."parent_ref", o."position", o."ref") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productgroup', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productgroup', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_productgrouplink()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productgrouplink', array_agg(n."id"), array_agg(n."product_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."group_id", n."product_id") IS DISTINCT FROM ROW(o."group_id", o."product_id") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productgrouplink', array_agg(n."id"), array_agg(n."product_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productgrouplink', array_agg(o."id"), array_agg(o."product_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_productpropertyvalue()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productpropertyvalue', array_agg(n."id"), array_agg(n."product_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."option_id", n."product_id", n."property_id", n."value") IS DISTINCT FROM ROW(o."created_at", o."option_id", o."product_id", o."property_id", o."value") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productpropertyvalue', array_agg(n."id"), array_agg(n."product_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_productpropertyvalue', array_agg(o."id"), array_agg(o."product_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_property()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_property', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."is_archived", n."is_multiple", n."name", n."node_id", n."ref", n."value_type") IS DISTINCT FROM ROW(o."created_at", o."is_archived", o."is_multiple", o."name", o."node_id", o."ref", o."value_type") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_property', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_property', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_propertyoption()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_propertyoption', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."is_archived", n."node_id", n."property_id", n."ref", n."value") IS DISTINCT FROM ROW(o."created_at", o."is_archived", o."node_id", o."property_id", o."ref", o."value") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_propertyoption', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_propertyoption', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_catalog_unit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_unit', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."code", n."created_at", n."full_name", n."international", n."is_archived", n."name", n."node_id", n."ref") IS DISTINCT FROM ROW(o."code", o."created_at", o."full_name", o."international", o."is_archived", o."name", o."node_id", o."ref") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_unit', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'catalog_unit', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_core_organization()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'core_organization', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."accountant" IS DISTINCT FROM OLD."accountant" THEN c := c || jsonb_build_object('accountant', jsonb_build_array(OLD."accountant", NEW."accountant")); END IF;
    IF NEW."address" IS DISTINCT FROM OLD."address" THEN c := c || jsonb_build_object('address', jsonb_build_array(OLD."address", NEW."address")); END IF;
    IF NEW."bank_account" IS DISTINCT FROM OLD."bank_account" THEN c := c || jsonb_build_object('bank_account', jsonb_build_array(OLD."bank_account", NEW."bank_account")); END IF;
    IF NEW."bank_code" IS DISTINCT FROM OLD."bank_code" THEN c := c || jsonb_build_object('bank_code', jsonb_build_array(OLD."bank_code", NEW."bank_code")); END IF;
    IF NEW."bank_name" IS DISTINCT FROM OLD."bank_name" THEN c := c || jsonb_build_object('bank_name', jsonb_build_array(OLD."bank_name", NEW."bank_name")); END IF;
    IF NEW."correspondent_account" IS DISTINCT FROM OLD."correspondent_account" THEN c := c || jsonb_build_object('correspondent_account', jsonb_build_array(OLD."correspondent_account", NEW."correspondent_account")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."director" IS DISTINCT FROM OLD."director" THEN c := c || jsonb_build_object('director', jsonb_build_array(OLD."director", NEW."director")); END IF;
    IF NEW."email" IS DISTINCT FROM OLD."email" THEN c := c || jsonb_build_object('email', jsonb_build_array(OLD."email", NEW."email")); END IF;
    IF NEW."full_name" IS DISTINCT FROM OLD."full_name" THEN c := c || jsonb_build_object('full_name', jsonb_build_array(OLD."full_name", NEW."full_name")); END IF;
    IF NEW."invoice_prefix" IS DISTINCT FROM OLD."invoice_prefix" THEN c := c || jsonb_build_object('invoice_prefix', jsonb_build_array(OLD."invoice_prefix", NEW."invoice_prefix")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_default" IS DISTINCT FROM OLD."is_default" THEN c := c || jsonb_build_object('is_default', jsonb_build_array(OLD."is_default", NEW."is_default")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."phone" IS DISTINCT FROM OLD."phone" THEN c := c || jsonb_build_object('phone', jsonb_build_array(OLD."phone", NEW."phone")); END IF;
    IF NEW."ref" IS DISTINCT FROM OLD."ref" THEN c := c || jsonb_build_object('ref', jsonb_build_array(OLD."ref", NEW."ref")); END IF;
    IF NEW."registration_number" IS DISTINCT FROM OLD."registration_number" THEN c := c || jsonb_build_object('registration_number', jsonb_build_array(OLD."registration_number", NEW."registration_number")); END IF;
    IF NEW."tax_number" IS DISTINCT FROM OLD."tax_number" THEN c := c || jsonb_build_object('tax_number', jsonb_build_array(OLD."tax_number", NEW."tax_number")); END IF;
    IF NEW."tax_reason_code" IS DISTINCT FROM OLD."tax_reason_code" THEN c := c || jsonb_build_object('tax_reason_code', jsonb_build_array(OLD."tax_reason_code", NEW."tax_reason_code")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('core_organization', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('core_organization', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_core_tag()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'core_tag', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."colour" IS DISTINCT FROM OLD."colour" THEN c := c || jsonb_build_object('colour', jsonb_build_array(OLD."colour", NEW."colour")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."folded_name" IS DISTINCT FROM OLD."folded_name" THEN c := c || jsonb_build_object('folded_name', jsonb_build_array(OLD."folded_name", NEW."folded_name")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('core_tag', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('core_tag', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_attachment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_attachment', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."author_id" IS DISTINCT FROM OLD."author_id" THEN c := c || jsonb_build_object('author_id', jsonb_build_array(OLD."author_id", NEW."author_id")); END IF;
    IF NEW."content_type" IS DISTINCT FROM OLD."content_type" THEN c := c || jsonb_build_object('content_type', jsonb_build_array(OLD."content_type", NEW."content_type")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."digest" IS DISTINCT FROM OLD."digest" THEN c := c || jsonb_build_object('digest', jsonb_build_array(OLD."digest", NEW."digest")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."size" IS DISTINCT FROM OLD."size" THEN c := c || jsonb_build_object('size', jsonb_build_array(OLD."size", NEW."size")); END IF;
    IF NEW."version" IS DISTINCT FROM OLD."version" THEN c := c || jsonb_build_object('version', jsonb_build_array(OLD."version", NEW."version")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_attachment', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_attachment', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_bankaccount()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_bankaccount', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."bank_code" IS DISTINCT FROM OLD."bank_code" THEN c := c || jsonb_build_object('bank_code', jsonb_build_array(OLD."bank_code", NEW."bank_code")); END IF;
    IF NEW."bank_name" IS DISTINCT FROM OLD."bank_name" THEN c := c || jsonb_build_object('bank_name', jsonb_build_array(OLD."bank_name", NEW."bank_name")); END IF;
    IF NEW."correspondent_account" IS DISTINCT FROM OLD."correspondent_account" THEN c := c || jsonb_build_object('correspondent_account', jsonb_build_array(OLD."correspondent_account", NEW."correspondent_account")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."number" IS DISTINCT FROM OLD."number" THEN c := c || jsonb_build_object('number', jsonb_build_array(OLD."number", NEW."number")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_bankaccount', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_bankaccount', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_consent()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_consent', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."channel" IS DISTINCT FROM OLD."channel" THEN c := c || jsonb_build_object('channel', jsonb_build_array(OLD."channel", NEW."channel")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."given_on" IS DISTINCT FROM OLD."given_on" THEN c := c || jsonb_build_object('given_on', jsonb_build_array(OLD."given_on", NEW."given_on")); END IF;
    IF NEW."person_id" IS DISTINCT FROM OLD."person_id" THEN c := c || jsonb_build_object('person_id', jsonb_build_array(OLD."person_id", NEW."person_id")); END IF;
    IF NEW."text_version" IS DISTINCT FROM OLD."text_version" THEN c := c || jsonb_build_object('text_version', jsonb_build_array(OLD."text_version", NEW."text_version")); END IF;
    IF NEW."withdrawn_on" IS DISTINCT FROM OLD."withdrawn_on" THEN c := c || jsonb_build_object('withdrawn_on', jsonb_build_array(OLD."withdrawn_on", NEW."withdrawn_on")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_consent', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_consent', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_contactperson()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_contactperson', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."born_on" IS DISTINCT FROM OLD."born_on" THEN c := c || jsonb_build_object('born_on', jsonb_build_array(OLD."born_on", NEW."born_on")); END IF;
    IF NEW."comment" IS DISTINCT FROM OLD."comment" THEN c := c || jsonb_build_object('comment', jsonb_build_array(OLD."comment", NEW."comment")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."email" IS DISTINCT FROM OLD."email" THEN c := c || jsonb_build_object('email', jsonb_build_array(OLD."email", NEW."email")); END IF;
    IF NEW."full_name" IS DISTINCT FROM OLD."full_name" THEN c := c || jsonb_build_object('full_name', jsonb_build_array(OLD."full_name", NEW."full_name")); END IF;
    IF NEW."further_contacts" IS DISTINCT FROM OLD."further_contacts" THEN c := c || jsonb_build_object('further_contacts', jsonb_build_array(OLD."further_contacts", NEW."further_contacts")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."job_title" IS DISTINCT FROM OLD."job_title" THEN c := c || jsonb_build_object('job_title', jsonb_build_array(OLD."job_title", NEW."job_title")); END IF;
    IF NEW."phone" IS DISTINCT FROM OLD."phone" THEN c := c || jsonb_build_object('phone', jsonb_build_array(OLD."phone", NEW."phone")); END IF;
    IF NEW."preferences" IS DISTINCT FROM OLD."preferences" THEN c := c || jsonb_build_object('preferences', jsonb_build_array(OLD."preferences", NEW."preferences")); END IF;
    IF NEW."tags" IS DISTINCT FROM OLD."tags" THEN c := c || jsonb_build_object('tags', jsonb_build_array(OLD."tags", NEW."tags")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_contactperson', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_contactperson', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_contactpoint()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_contactpoint', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."label" IS DISTINCT FROM OLD."label" THEN c := c || jsonb_build_object('label', jsonb_build_array(OLD."label", NEW."label")); END IF;
    IF NEW."normalized" IS DISTINCT FROM OLD."normalized" THEN c := c || jsonb_build_object('normalized', jsonb_build_array(OLD."normalized", NEW."normalized")); END IF;
    IF NEW."person_id" IS DISTINCT FROM OLD."person_id" THEN c := c || jsonb_build_object('person_id', jsonb_build_array(OLD."person_id", NEW."person_id")); END IF;
    IF NEW."value" IS DISTINCT FROM OLD."value" THEN c := c || jsonb_build_object('value', jsonb_build_array(OLD."value", NEW."value")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_contactpoint', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_contactpoint', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_contactrole()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_contactrole', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."person_id" IS DISTINCT FROM OLD."person_id" THEN c := c || jsonb_build_object('person_id', jsonb_build_array(OLD."person_id", NEW."person_id")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_contactrole', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_contactrole', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_counterparty()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_counterparty', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."address" IS DISTINCT FROM OLD."address" THEN c := c || jsonb_build_object('address', jsonb_build_array(OLD."address", NEW."address")); END IF;
    IF NEW."card_number" IS DISTINCT FROM OLD."card_number" THEN c := c || jsonb_build_object('card_number', jsonb_build_array(OLD."card_number", NEW."card_number")); END IF;
    IF NEW."comment" IS DISTINCT FROM OLD."comment" THEN c := c || jsonb_build_object('comment', jsonb_build_array(OLD."comment", NEW."comment")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."email" IS DISTINCT FROM OLD."email" THEN c := c || jsonb_build_object('email', jsonb_build_array(OLD."email", NEW."email")); END IF;
    IF NEW."erased_at" IS DISTINCT FROM OLD."erased_at" THEN c := c || jsonb_build_object('erased_at', jsonb_build_array(OLD."erased_at", NEW."erased_at")); END IF;
    IF NEW."full_name" IS DISTINCT FROM OLD."full_name" THEN c := c || jsonb_build_object('full_name', jsonb_build_array(OLD."full_name", NEW."full_name")); END IF;
    IF NEW."further_contacts" IS DISTINCT FROM OLD."further_contacts" THEN c := c || jsonb_build_object('further_contacts', jsonb_build_array(OLD."further_contacts", NEW."further_contacts")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_competitor" IS DISTINCT FROM OLD."is_competitor" THEN c := c || jsonb_build_object('is_competitor', jsonb_build_array(OLD."is_competitor", NEW."is_competitor")); END IF;
    IF NEW."is_customer" IS DISTINCT FROM OLD."is_customer" THEN c := c || jsonb_build_object('is_customer', jsonb_build_array(OLD."is_customer", NEW."is_customer")); END IF;
    IF NEW."is_partner" IS DISTINCT FROM OLD."is_partner" THEN c := c || jsonb_build_object('is_partner', jsonb_build_array(OLD."is_partner", NEW."is_partner")); END IF;
    IF NEW."is_supplier" IS DISTINCT FROM OLD."is_supplier" THEN c := c || jsonb_build_object('is_supplier', jsonb_build_array(OLD."is_supplier", NEW."is_supplier")); END IF;
    IF NEW."is_vip" IS DISTINCT FROM OLD."is_vip" THEN c := c || jsonb_build_object('is_vip', jsonb_build_array(OLD."is_vip", NEW."is_vip")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."legal_address" IS DISTINCT FROM OLD."legal_address" THEN c := c || jsonb_build_object('legal_address', jsonb_build_array(OLD."legal_address", NEW."legal_address")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."office_id" IS DISTINCT FROM OLD."office_id" THEN c := c || jsonb_build_object('office_id', jsonb_build_array(OLD."office_id", NEW."office_id")); END IF;
    IF NEW."parent_id" IS DISTINCT FROM OLD."parent_id" THEN c := c || jsonb_build_object('parent_id', jsonb_build_array(OLD."parent_id", NEW."parent_id")); END IF;
    IF NEW."phone" IS DISTINCT FROM OLD."phone" THEN c := c || jsonb_build_object('phone', jsonb_build_array(OLD."phone", NEW."phone")); END IF;
    IF NEW."preferences" IS DISTINCT FROM OLD."preferences" THEN c := c || jsonb_build_object('preferences', jsonb_build_array(OLD."preferences", NEW."preferences")); END IF;
    IF NEW."ref" IS DISTINCT FROM OLD."ref" THEN c := c || jsonb_build_object('ref', jsonb_build_array(OLD."ref", NEW."ref")); END IF;
    IF NEW."register_state" IS DISTINCT FROM OLD."register_state" THEN c := c || jsonb_build_object('register_state', jsonb_build_array(OLD."register_state", NEW."register_state")); END IF;
    IF NEW."register_told_at" IS DISTINCT FROM OLD."register_told_at" THEN c := c || jsonb_build_object('register_told_at', jsonb_build_array(OLD."register_told_at", NEW."register_told_at")); END IF;
    IF NEW."registration_number" IS DISTINCT FROM OLD."registration_number" THEN c := c || jsonb_build_object('registration_number', jsonb_build_array(OLD."registration_number", NEW."registration_number")); END IF;
    IF NEW."rejected_because" IS DISTINCT FROM OLD."rejected_because" THEN c := c || jsonb_build_object('rejected_because', jsonb_build_array(OLD."rejected_because", NEW."rejected_because")); END IF;
    IF NEW."responsible_id" IS DISTINCT FROM OLD."responsible_id" THEN c := c || jsonb_build_object('responsible_id', jsonb_build_array(OLD."responsible_id", NEW."responsible_id")); END IF;
    IF NEW."sort_name" IS DISTINCT FROM OLD."sort_name" THEN c := c || jsonb_build_object('sort_name', jsonb_build_array(OLD."sort_name", NEW."sort_name")); END IF;
    IF NEW."source" IS DISTINCT FROM OLD."source" THEN c := c || jsonb_build_object('source', jsonb_build_array(OLD."source", NEW."source")); END IF;
    IF NEW."status" IS DISTINCT FROM OLD."status" THEN c := c || jsonb_build_object('status', jsonb_build_array(OLD."status", NEW."status")); END IF;
    IF NEW."tags" IS DISTINCT FROM OLD."tags" THEN c := c || jsonb_build_object('tags', jsonb_build_array(OLD."tags", NEW."tags")); END IF;
    IF NEW."tax_number" IS DISTINCT FROM OLD."tax_number" THEN c := c || jsonb_build_object('tax_number', jsonb_build_array(OLD."tax_number", NEW."tax_number")); END IF;
    IF NEW."tax_reason_code" IS DISTINCT FROM OLD."tax_reason_code" THEN c := c || jsonb_build_object('tax_reason_code', jsonb_build_array(OLD."tax_reason_code", NEW."tax_reason_code")); END IF;
    IF NEW."website" IS DISTINCT FROM OLD."website" THEN c := c || jsonb_build_object('website', jsonb_build_array(OLD."website", NEW."website")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_counterparty', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_counterparty', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_counterparties_importantdate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'counterparties_importantdate', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."is_yearly" IS DISTINCT FROM OLD."is_yearly" THEN c := c || jsonb_build_object('is_yearly', jsonb_build_array(OLD."is_yearly", NEW."is_yearly")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."label" IS DISTINCT FROM OLD."label" THEN c := c || jsonb_build_object('label', jsonb_build_array(OLD."label", NEW."label")); END IF;
    IF NEW."on" IS DISTINCT FROM OLD."on" THEN c := c || jsonb_build_object('on', jsonb_build_array(OLD."on", NEW."on")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_importantdate', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('counterparties_importantdate', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_custom_cardlayout()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'custom_cardlayout', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF NEW."value" IS DISTINCT FROM OLD."value" THEN c := c || jsonb_build_object('value', jsonb_build_array(OLD."value", NEW."value")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_cardlayout', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_cardlayout', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_custom_customfield()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'custom_customfield', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."choices" IS DISTINCT FROM OLD."choices" THEN c := c || jsonb_build_object('choices', jsonb_build_array(OLD."choices", NEW."choices")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."default" IS DISTINCT FROM OLD."default" THEN c := c || jsonb_build_object('default', jsonb_build_array(OLD."default", NEW."default")); END IF;
    IF NEW."help" IS DISTINCT FROM OLD."help" THEN c := c || jsonb_build_object('help', jsonb_build_array(OLD."help", NEW."help")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_required" IS DISTINCT FROM OLD."is_required" THEN c := c || jsonb_build_object('is_required', jsonb_build_array(OLD."is_required", NEW."is_required")); END IF;
    IF NEW."is_unique" IS DISTINCT FROM OLD."is_unique" THEN c := c || jsonb_build_object('is_unique', jsonb_build_array(OLD."is_unique", NEW."is_unique")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."label" IS DISTINCT FROM OLD."label" THEN c := c || jsonb_build_object('label', jsonb_build_array(OLD."label", NEW."label")); END IF;
    IF NEW."name_1c" IS DISTINCT FROM OLD."name_1c" THEN c := c || jsonb_build_object('name_1c', jsonb_build_array(OLD."name_1c", NEW."name_1c")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF NEW."recipe" IS DISTINCT FROM OLD."recipe" THEN c := c || jsonb_build_object('recipe', jsonb_build_array(OLD."recipe", NEW."recipe")); END IF;
    IF NEW."related" IS DISTINCT FROM OLD."related" THEN c := c || jsonb_build_object('related', jsonb_build_array(OLD."related", NEW."related")); END IF;
    IF NEW."type" IS DISTINCT FROM OLD."type" THEN c := c || jsonb_build_object('type', jsonb_build_array(OLD."type", NEW."type")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_customfield', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_customfield', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_custom_customobject()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'custom_customobject', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."directory_1c" IS DISTINCT FROM OLD."directory_1c" THEN c := c || jsonb_build_object('directory_1c', jsonb_build_array(OLD."directory_1c", NEW."directory_1c")); END IF;
    IF NEW."has_counterparty" IS DISTINCT FROM OLD."has_counterparty" THEN c := c || jsonb_build_object('has_counterparty', jsonb_build_array(OLD."has_counterparty", NEW."has_counterparty")); END IF;
    IF NEW."icon" IS DISTINCT FROM OLD."icon" THEN c := c || jsonb_build_object('icon', jsonb_build_array(OLD."icon", NEW."icon")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."label" IS DISTINCT FROM OLD."label" THEN c := c || jsonb_build_object('label', jsonb_build_array(OLD."label", NEW."label")); END IF;
    IF NEW."label_plural" IS DISTINCT FROM OLD."label_plural" THEN c := c || jsonb_build_object('label_plural', jsonb_build_array(OLD."label_plural", NEW."label_plural")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_customobject', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_customobject', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_custom_customrow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'custom_customrow', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."kind_id" IS DISTINCT FROM OLD."kind_id" THEN c := c || jsonb_build_object('kind_id', jsonb_build_array(OLD."kind_id", NEW."kind_id")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."ref" IS DISTINCT FROM OLD."ref" THEN c := c || jsonb_build_object('ref', jsonb_build_array(OLD."ref", NEW."ref")); END IF;
    IF NEW."responsible_id" IS DISTINCT FROM OLD."responsible_id" THEN c := c || jsonb_build_object('responsible_id', jsonb_build_array(OLD."responsible_id", NEW."responsible_id")); END IF;
    IF NEW."sort_name" IS DISTINCT FROM OLD."sort_name" THEN c := c || jsonb_build_object('sort_name', jsonb_build_array(OLD."sort_name", NEW."sort_name")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_customrow', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_customrow', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_custom_menulayout()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'custom_menulayout', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."entries" IS DISTINCT FROM OLD."entries" THEN c := c || jsonb_build_object('entries', jsonb_build_array(OLD."entries", NEW."entries")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_menulayout', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_menulayout', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_custom_personalarrangement()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'custom_personalarrangement', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."user_id" IS DISTINCT FROM OLD."user_id" THEN c := c || jsonb_build_object('user_id', jsonb_build_array(OLD."user_id", NEW."user_id")); END IF;
    IF NEW."value" IS DISTINCT FROM OLD."value" THEN c := c || jsonb_build_object('value', jsonb_build_array(OLD."value", NEW."value")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_personalarrangement', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('custom_personalarrangement', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_deal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_deal', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."amount" IS DISTINCT FROM OLD."amount" THEN c := c || jsonb_build_object('amount', jsonb_build_array(OLD."amount", NEW."amount")); END IF;
    IF NEW."closed_at" IS DISTINCT FROM OLD."closed_at" THEN c := c || jsonb_build_object('closed_at', jsonb_build_array(OLD."closed_at", NEW."closed_at")); END IF;
    IF NEW."comment" IS DISTINCT FROM OLD."comment" THEN c := c || jsonb_build_object('comment', jsonb_build_array(OLD."comment", NEW."comment")); END IF;
    IF NEW."contract" IS DISTINCT FROM OLD."contract" THEN c := c || jsonb_build_object('contract', jsonb_build_array(OLD."contract", NEW."contract")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."currency" IS DISTINCT FROM OLD."currency" THEN c := c || jsonb_build_object('currency', jsonb_build_array(OLD."currency", NEW."currency")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."expected_on" IS DISTINCT FROM OLD."expected_on" THEN c := c || jsonb_build_object('expected_on', jsonb_build_array(OLD."expected_on", NEW."expected_on")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_tax_included" IS DISTINCT FROM OLD."is_tax_included" THEN c := c || jsonb_build_object('is_tax_included', jsonb_build_array(OLD."is_tax_included", NEW."is_tax_included")); END IF;
    IF NEW."loss_comment" IS DISTINCT FROM OLD."loss_comment" THEN c := c || jsonb_build_object('loss_comment', jsonb_build_array(OLD."loss_comment", NEW."loss_comment")); END IF;
    IF NEW."loss_reason_id" IS DISTINCT FROM OLD."loss_reason_id" THEN c := c || jsonb_build_object('loss_reason_id', jsonb_build_array(OLD."loss_reason_id", NEW."loss_reason_id")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."opened_at" IS DISTINCT FROM OLD."opened_at" THEN c := c || jsonb_build_object('opened_at', jsonb_build_array(OLD."opened_at", NEW."opened_at")); END IF;
    IF NEW."owner_id" IS DISTINCT FROM OLD."owner_id" THEN c := c || jsonb_build_object('owner_id', jsonb_build_array(OLD."owner_id", NEW."owner_id")); END IF;
    IF NEW."pipeline_id" IS DISTINCT FROM OLD."pipeline_id" THEN c := c || jsonb_build_object('pipeline_id', jsonb_build_array(OLD."pipeline_id", NEW."pipeline_id")); END IF;
    IF NEW."price_type_id" IS DISTINCT FROM OLD."price_type_id" THEN c := c || jsonb_build_object('price_type_id', jsonb_build_array(OLD."price_type_id", NEW."price_type_id")); END IF;
    IF NEW."search_name" IS DISTINCT FROM OLD."search_name" THEN c := c || jsonb_build_object('search_name', jsonb_build_array(OLD."search_name", NEW."search_name")); END IF;
    IF NEW."source" IS DISTINCT FROM OLD."source" THEN c := c || jsonb_build_object('source', jsonb_build_array(OLD."source", NEW."source")); END IF;
    IF NEW."stage_id" IS DISTINCT FROM OLD."stage_id" THEN c := c || jsonb_build_object('stage_id', jsonb_build_array(OLD."stage_id", NEW."stage_id")); END IF;
    IF NEW."stage_since" IS DISTINCT FROM OLD."stage_since" THEN c := c || jsonb_build_object('stage_since', jsonb_build_array(OLD."stage_since", NEW."stage_since")); END IF;
    IF NEW."tags" IS DISTINCT FROM OLD."tags" THEN c := c || jsonb_build_object('tags', jsonb_build_array(OLD."tags", NEW."tags")); END IF;
    IF NEW."touched_at" IS DISTINCT FROM OLD."touched_at" THEN c := c || jsonb_build_object('touched_at', jsonb_build_array(OLD."touched_at", NEW."touched_at")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_deal', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_deal', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_dealinvoice()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealinvoice', array_agg(n."id"), array_agg(n."deal_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."deal_id", n."invoice_id") IS DISTINCT FROM ROW(o."created_at", o."deal_id", o."invoice_id") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealinvoice', array_agg(n."id"), array_agg(n."deal_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealinvoice', array_agg(o."id"), array_agg(o."deal_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_dealline()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealline', array_agg(n."id"), array_agg(n."deal_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."article" IS DISTINCT FROM OLD."article" THEN c := c || jsonb_build_object('article', jsonb_build_array(OLD."article", NEW."article")); END IF;
    IF NEW."characteristic_id" IS DISTINCT FROM OLD."characteristic_id" THEN c := c || jsonb_build_object('characteristic_id', jsonb_build_array(OLD."characteristic_id", NEW."characteristic_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."deal_id" IS DISTINCT FROM OLD."deal_id" THEN c := c || jsonb_build_object('deal_id', jsonb_build_array(OLD."deal_id", NEW."deal_id")); END IF;
    IF NEW."discount_percent" IS DISTINCT FROM OLD."discount_percent" THEN c := c || jsonb_build_object('discount_percent', jsonb_build_array(OLD."discount_percent", NEW."discount_percent")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF NEW."price" IS DISTINCT FROM OLD."price" THEN c := c || jsonb_build_object('price', jsonb_build_array(OLD."price", NEW."price")); END IF;
    IF NEW."product_id" IS DISTINCT FROM OLD."product_id" THEN c := c || jsonb_build_object('product_id', jsonb_build_array(OLD."product_id", NEW."product_id")); END IF;
    IF NEW."quantity" IS DISTINCT FROM OLD."quantity" THEN c := c || jsonb_build_object('quantity', jsonb_build_array(OLD."quantity", NEW."quantity")); END IF;
    IF NEW."tax" IS DISTINCT FROM OLD."tax" THEN c := c || jsonb_build_object('tax', jsonb_build_array(OLD."tax", NEW."tax")); END IF;
    IF NEW."tax_rate" IS DISTINCT FROM OLD."tax_rate" THEN c := c || jsonb_build_object('tax_rate', jsonb_build_array(OLD."tax_rate", NEW."tax_rate")); END IF;
    IF NEW."total" IS DISTINCT FROM OLD."total" THEN c := c || jsonb_build_object('total', jsonb_build_array(OLD."total", NEW."total")); END IF;
    IF NEW."unit" IS DISTINCT FROM OLD."unit" THEN c := c || jsonb_build_object('unit', jsonb_build_array(OLD."unit", NEW."unit")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealline', NEW."id", NEW."deal_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealline', OLD."id", OLD."deal_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_dealmember()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealmember', array_agg(n."id"), array_agg(n."deal_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."deal_id" IS DISTINCT FROM OLD."deal_id" THEN c := c || jsonb_build_object('deal_id', jsonb_build_array(OLD."deal_id", NEW."deal_id")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF NEW."user_id" IS DISTINCT FROM OLD."user_id" THEN c := c || jsonb_build_object('user_id', jsonb_build_array(OLD."user_id", NEW."user_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealmember', NEW."id", NEW."deal_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealmember', OLD."id", OLD."deal_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_dealparticipant()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealparticipant', array_agg(n."id"), array_agg(n."deal_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."deal_id" IS DISTINCT FROM OLD."deal_id" THEN c := c || jsonb_build_object('deal_id', jsonb_build_array(OLD."deal_id", NEW."deal_id")); END IF;
    IF NEW."person_id" IS DISTINCT FROM OLD."person_id" THEN c := c || jsonb_build_object('person_id', jsonb_build_array(OLD."person_id", NEW."person_id")); END IF;
    IF NEW."role" IS DISTINCT FROM OLD."role" THEN c := c || jsonb_build_object('role', jsonb_build_array(OLD."role", NEW."role")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealparticipant', NEW."id", NEW."deal_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealparticipant', OLD."id", OLD."deal_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_dealsettings()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_dealsettings', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."discount_limit" IS DISTINCT FROM OLD."discount_limit" THEN c := c || jsonb_build_object('discount_limit', jsonb_build_array(OLD."discount_limit", NEW."discount_limit")); END IF;
    IF NEW."quotation_days" IS DISTINCT FROM OLD."quotation_days" THEN c := c || jsonb_build_object('quotation_days', jsonb_build_array(OLD."quotation_days", NEW."quotation_days")); END IF;
    IF NEW."quotation_terms" IS DISTINCT FROM OLD."quotation_terms" THEN c := c || jsonb_build_object('quotation_terms', jsonb_build_array(OLD."quotation_terms", NEW."quotation_terms")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealsettings', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_dealsettings', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_lossreason()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_lossreason', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_lossreason', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_lossreason', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_pipeline()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_pipeline', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_default" IS DISTINCT FROM OLD."is_default" THEN c := c || jsonb_build_object('is_default', jsonb_build_array(OLD."is_default", NEW."is_default")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_pipeline', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_pipeline', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_quotation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_quotation', array_agg(n."id"), array_agg(n."deal_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."answered_at" IS DISTINCT FROM OLD."answered_at" THEN c := c || jsonb_build_object('answered_at', jsonb_build_array(OLD."answered_at", NEW."answered_at")); END IF;
    IF NEW."author_id" IS DISTINCT FROM OLD."author_id" THEN c := c || jsonb_build_object('author_id', jsonb_build_array(OLD."author_id", NEW."author_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."currency" IS DISTINCT FROM OLD."currency" THEN c := c || jsonb_build_object('currency', jsonb_build_array(OLD."currency", NEW."currency")); END IF;
    IF NEW."deal_id" IS DISTINCT FROM OLD."deal_id" THEN c := c || jsonb_build_object('deal_id', jsonb_build_array(OLD."deal_id", NEW."deal_id")); END IF;
    IF NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN c := c || jsonb_build_object('decided_at', jsonb_build_array(OLD."decided_at", NEW."decided_at")); END IF;
    IF NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN c := c || jsonb_build_object('decided_by_id', jsonb_build_array(OLD."decided_by_id", NEW."decided_by_id")); END IF;
    IF NEW."decision" IS DISTINCT FROM OLD."decision" THEN c := c || jsonb_build_object('decision', jsonb_build_array(OLD."decision", NEW."decision")); END IF;
    IF NEW."invoice_id" IS DISTINCT FROM OLD."invoice_id" THEN c := c || jsonb_build_object('invoice_id', jsonb_build_array(OLD."invoice_id", NEW."invoice_id")); END IF;
    IF NEW."is_tax_included" IS DISTINCT FROM OLD."is_tax_included" THEN c := c || jsonb_build_object('is_tax_included', jsonb_build_array(OLD."is_tax_included", NEW."is_tax_included")); END IF;
    IF NEW."issued_on" IS DISTINCT FROM OLD."issued_on" THEN c := c || jsonb_build_object('issued_on', jsonb_build_array(OLD."issued_on", NEW."issued_on")); END IF;
    IF NEW."mail_problem" IS DISTINCT FROM OLD."mail_problem" THEN c := c || jsonb_build_object('mail_problem', jsonb_build_array(OLD."mail_problem", NEW."mail_problem")); END IF;
    IF NEW."number" IS DISTINCT FROM OLD."number" THEN c := c || jsonb_build_object('number', jsonb_build_array(OLD."number", NEW."number")); END IF;
    IF NEW."organization_id" IS DISTINCT FROM OLD."organization_id" THEN c := c || jsonb_build_object('organization_id', jsonb_build_array(OLD."organization_id", NEW."organization_id")); END IF;
    IF NEW."sent_at" IS DISTINCT FROM OLD."sent_at" THEN c := c || jsonb_build_object('sent_at', jsonb_build_array(OLD."sent_at", NEW."sent_at")); END IF;
    IF NEW."sent_to" IS DISTINCT FROM OLD."sent_to" THEN c := c || jsonb_build_object('sent_to', jsonb_build_array(OLD."sent_to", NEW."sent_to")); END IF;
    IF NEW."status" IS DISTINCT FROM OLD."status" THEN c := c || jsonb_build_object('status', jsonb_build_array(OLD."status", NEW."status")); END IF;
    IF NEW."tax_total" IS DISTINCT FROM OLD."tax_total" THEN c := c || jsonb_build_object('tax_total', jsonb_build_array(OLD."tax_total", NEW."tax_total")); END IF;
    IF NEW."terms" IS DISTINCT FROM OLD."terms" THEN c := c || jsonb_build_object('terms', jsonb_build_array(OLD."terms", NEW."terms")); END IF;
    IF NEW."total" IS DISTINCT FROM OLD."total" THEN c := c || jsonb_build_object('total', jsonb_build_array(OLD."total", NEW."total")); END IF;
    IF NEW."valid_until" IS DISTINCT FROM OLD."valid_until" THEN c := c || jsonb_build_object('valid_until', jsonb_build_array(OLD."valid_until", NEW."valid_until")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_quotation', NEW."id", NEW."deal_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_quotation', OLD."id", OLD."deal_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_quotationline()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_quotationline', array_agg(n."id"), array_agg(n."quotation_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."article" IS DISTINCT FROM OLD."article" THEN c := c || jsonb_build_object('article', jsonb_build_array(OLD."article", NEW."article")); END IF;
    IF NEW."characteristic_id" IS DISTINCT FROM OLD."characteristic_id" THEN c := c || jsonb_build_object('characteristic_id', jsonb_build_array(OLD."characteristic_id", NEW."characteristic_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."discount_percent" IS DISTINCT FROM OLD."discount_percent" THEN c := c || jsonb_build_object('discount_percent', jsonb_build_array(OLD."discount_percent", NEW."discount_percent")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF NEW."price" IS DISTINCT FROM OLD."price" THEN c := c || jsonb_build_object('price', jsonb_build_array(OLD."price", NEW."price")); END IF;
    IF NEW."product_id" IS DISTINCT FROM OLD."product_id" THEN c := c || jsonb_build_object('product_id', jsonb_build_array(OLD."product_id", NEW."product_id")); END IF;
    IF NEW."quantity" IS DISTINCT FROM OLD."quantity" THEN c := c || jsonb_build_object('quantity', jsonb_build_array(OLD."quantity", NEW."quantity")); END IF;
    IF NEW."quotation_id" IS DISTINCT FROM OLD."quotation_id" THEN c := c || jsonb_build_object('quotation_id', jsonb_build_array(OLD."quotation_id", NEW."quotation_id")); END IF;
    IF NEW."tax" IS DISTINCT FROM OLD."tax" THEN c := c || jsonb_build_object('tax', jsonb_build_array(OLD."tax", NEW."tax")); END IF;
    IF NEW."tax_rate" IS DISTINCT FROM OLD."tax_rate" THEN c := c || jsonb_build_object('tax_rate', jsonb_build_array(OLD."tax_rate", NEW."tax_rate")); END IF;
    IF NEW."total" IS DISTINCT FROM OLD."total" THEN c := c || jsonb_build_object('total', jsonb_build_array(OLD."total", NEW."total")); END IF;
    IF NEW."unit" IS DISTINCT FROM OLD."unit" THEN c := c || jsonb_build_object('unit', jsonb_build_array(OLD."unit", NEW."unit")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_quotationline', NEW."id", NEW."quotation_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_quotationline', OLD."id", OLD."quotation_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_salesplan()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_salesplan', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."amount" IS DISTINCT FROM OLD."amount" THEN c := c || jsonb_build_object('amount', jsonb_build_array(OLD."amount", NEW."amount")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."currency" IS DISTINCT FROM OLD."currency" THEN c := c || jsonb_build_object('currency', jsonb_build_array(OLD."currency", NEW."currency")); END IF;
    IF NEW."month" IS DISTINCT FROM OLD."month" THEN c := c || jsonb_build_object('month', jsonb_build_array(OLD."month", NEW."month")); END IF;
    IF NEW."user_id" IS DISTINCT FROM OLD."user_id" THEN c := c || jsonb_build_object('user_id', jsonb_build_array(OLD."user_id", NEW."user_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_salesplan', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_salesplan', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_stage()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_stage', array_agg(n."id"), array_agg(n."pipeline_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."enters_on" IS DISTINCT FROM OLD."enters_on" THEN c := c || jsonb_build_object('enters_on', jsonb_build_array(OLD."enters_on", NEW."enters_on")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."makes" IS DISTINCT FROM OLD."makes" THEN c := c || jsonb_build_object('makes', jsonb_build_array(OLD."makes", NEW."makes")); END IF;
    IF NEW."most_deals" IS DISTINCT FROM OLD."most_deals" THEN c := c || jsonb_build_object('most_deals', jsonb_build_array(OLD."most_deals", NEW."most_deals")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."pipeline_id" IS DISTINCT FROM OLD."pipeline_id" THEN c := c || jsonb_build_object('pipeline_id', jsonb_build_array(OLD."pipeline_id", NEW."pipeline_id")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF NEW."probability" IS DISTINCT FROM OLD."probability" THEN c := c || jsonb_build_object('probability', jsonb_build_array(OLD."probability", NEW."probability")); END IF;
    IF NEW."required_fields" IS DISTINCT FROM OLD."required_fields" THEN c := c || jsonb_build_object('required_fields', jsonb_build_array(OLD."required_fields", NEW."required_fields")); END IF;
    IF NEW."rotting_days" IS DISTINCT FROM OLD."rotting_days" THEN c := c || jsonb_build_object('rotting_days', jsonb_build_array(OLD."rotting_days", NEW."rotting_days")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_stage', NEW."id", NEW."pipeline_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('deals_stage', OLD."id", OLD."pipeline_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_deals_stagemove()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_stagemove', array_agg(n."id"), array_agg(n."deal_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."at", n."by_id", n."created_at", n."deal_id", n."former_id", n."stage_id") IS DISTINCT FROM ROW(o."at", o."by_id", o."created_at", o."deal_id", o."former_id", o."stage_id") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_stagemove', array_agg(n."id"), array_agg(n."deal_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'deals_stagemove', array_agg(o."id"), array_agg(o."deal_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_exchange_exchangesession()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_exchangesession', array_agg(n."id"), array_agg(n."node_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."author", n."cause", n."cause_values", n."closed_at", n."closing_counts", n."counts", n."created_at", n."finished_at", n."full", n."full_by_request", n."is_cancelled", n."is_manual", n."is_open", n."latest_contact_at", n."node_id", n."problem_count", n."progress_current", n."progress_file", n."progress_total", n."queued_at", n."repeats_id", n."sent_documents", n."started_at", n."state", n."subject") IS DISTINCT FROM ROW(o."author", o."cause", o."cause_values", o."closed_at", o."closing_counts", o."counts", o."created_at", o."finished_at", o."full", o."full_by_request", o."is_cancelled", o."is_manual", o."is_open", o."latest_contact_at", o."node_id", o."problem_count", o."progress_current", o."progress_file", o."progress_total", o."queued_at", o."repeats_id", o."sent_documents", o."started_at", o."state", o."subject") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_exchangesession', array_agg(n."id"), array_agg(n."node_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_exchangesession', array_agg(o."id"), array_agg(o."node_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_exchange_node()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_node', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."accepts_zip", n."acknowledged_position", n."acknowledged_query_at", n."created_at", n."file_limit", n."first_contact_at", n."is_active", n."kind", n."latest_address", n."latest_contact_at", n."login", n."name", n."password", n."password_set_at", n."settings", n."user_agent") IS DISTINCT FROM ROW(o."accepts_zip", o."acknowledged_position", o."acknowledged_query_at", o."created_at", o."file_limit", o."first_contact_at", o."is_active", o."kind", o."latest_address", o."latest_contact_at", o."login", o."name", o."password", o."password_set_at", o."settings", o."user_agent") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_node', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_node', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_exchange_sessionproblem()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_sessionproblem', array_agg(n."id"), array_agg(n."session_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."code", n."created_at", n."element", n."file_id", n."file_name", n."kept", n."line", n."name", n."ref", n."session_id", n."value") IS DISTINCT FROM ROW(o."code", o."created_at", o."element", o."file_id", o."file_name", o."kept", o."line", o."name", o."ref", o."session_id", o."value") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_sessionproblem', array_agg(n."id"), array_agg(n."session_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_sessionproblem', array_agg(o."id"), array_agg(o."session_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_exchange_uploadedfile()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_uploadedfile', array_agg(n."id"), array_agg(n."session_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."attempts", n."cause", n."cause_values", n."container_id", n."counts", n."created_at", n."finished_at", n."headers", n."is_current", n."is_purged", n."is_requested", n."kind", n."name", n."position", n."problem_count", n."requested_at", n."session_id", n."sha256", n."size", n."started_at", n."state", n."upload_id") IS DISTINCT FROM ROW(o."attempts", o."cause", o."cause_values", o."container_id", o."counts", o."created_at", o."finished_at", o."headers", o."is_current", o."is_purged", o."is_requested", o."kind", o."name", o."position", o."problem_count", o."requested_at", o."session_id", o."sha256", o."size", o."started_at", o."state", o."upload_id") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_uploadedfile', array_agg(n."id"), array_agg(n."session_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'exchange_uploadedfile', array_agg(o."id"), array_agg(o."session_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_finance_payment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'finance_payment', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."amount" IS DISTINCT FROM OLD."amount" THEN c := c || jsonb_build_object('amount', jsonb_build_array(OLD."amount", NEW."amount")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."currency" IS DISTINCT FROM OLD."currency" THEN c := c || jsonb_build_object('currency', jsonb_build_array(OLD."currency", NEW."currency")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_posted" IS DISTINCT FROM OLD."is_posted" THEN c := c || jsonb_build_object('is_posted', jsonb_build_array(OLD."is_posted", NEW."is_posted")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."number" IS DISTINCT FROM OLD."number" THEN c := c || jsonb_build_object('number', jsonb_build_array(OLD."number", NEW."number")); END IF;
    IF NEW."paid_on" IS DISTINCT FROM OLD."paid_on" THEN c := c || jsonb_build_object('paid_on', jsonb_build_array(OLD."paid_on", NEW."paid_on")); END IF;
    IF NEW."purpose" IS DISTINCT FROM OLD."purpose" THEN c := c || jsonb_build_object('purpose', jsonb_build_array(OLD."purpose", NEW."purpose")); END IF;
    IF NEW."ref" IS DISTINCT FROM OLD."ref" THEN c := c || jsonb_build_object('ref', jsonb_build_array(OLD."ref", NEW."ref")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('finance_payment', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('finance_payment', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_inventory_stockbalance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'inventory_stockbalance', array_agg(n."id"), array_agg(n."product_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."characteristic_id", n."created_at", n."product_id", n."quantity", n."warehouse_id") IS DISTINCT FROM ROW(o."characteristic_id", o."created_at", o."product_id", o."quantity", o."warehouse_id") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'inventory_stockbalance', array_agg(n."id"), array_agg(n."product_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'inventory_stockbalance', array_agg(o."id"), array_agg(o."product_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_inventory_warehouse()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'inventory_warehouse', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."address", n."created_at", n."is_archived", n."is_total", n."name", n."node_id", n."ref") IS DISTINCT FROM ROW(o."address", o."created_at", o."is_archived", o."is_total", o."name", o."node_id", o."ref") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'inventory_warehouse', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'inventory_warehouse', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_mail_mailmessage()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'mail_mailmessage', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."from_address", n."from_name", n."is_automatic", n."is_outgoing", n."message_id", n."problem", n."references", n."reply_address", n."sent_at", n."subject", n."text", n."thread", n."to_addresses") IS DISTINCT FROM ROW(o."created_at", o."from_address", o."from_name", o."is_automatic", o."is_outgoing", o."message_id", o."problem", o."references", o."reply_address", o."sent_at", o."subject", o."text", o."thread", o."to_addresses") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'mail_mailmessage', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'mail_mailmessage', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_mail_mailsending()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'mail_mailsending', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."attempts", n."author_id", n."cc", n."copied_at", n."created_at", n."ended_at", n."in_reply_to", n."leaves_at", n."mailbox_id", n."message_id", n."problem", n."problem_detail", n."refused", n."sending_at", n."state", n."to") IS DISTINCT FROM ROW(o."attempts", o."author_id", o."cc", o."copied_at", o."created_at", o."ended_at", o."in_reply_to", o."leaves_at", o."mailbox_id", o."message_id", o."problem", o."problem_detail", o."refused", o."sending_at", o."state", o."to") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'mail_mailsending', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'mail_mailsending', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_notifications_notification()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'notifications_notification', array_agg(n."id"), array_agg(n."user_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."created_at", n."is_for_browser", n."is_for_digest", n."is_in_bell", n."kind", n."mail_at", n."read_at", n."url", n."user_id", n."values") IS DISTINCT FROM ROW(o."created_at", o."is_for_browser", o."is_for_digest", o."is_in_bell", o."kind", o."mail_at", o."read_at", o."url", o."user_id", o."values") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'notifications_notification', array_agg(n."id"), array_agg(n."user_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'notifications_notification', array_agg(o."id"), array_agg(o."user_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_portal_portalmessage()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'portal_portalmessage', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."author_id" IS DISTINCT FROM OLD."author_id" THEN c := c || jsonb_build_object('author_id', jsonb_build_array(OLD."author_id", NEW."author_id")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."key" IS DISTINCT FROM OLD."key" THEN c := c || jsonb_build_object('key', jsonb_build_array(OLD."key", NEW."key")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."person_id" IS DISTINCT FROM OLD."person_id" THEN c := c || jsonb_build_object('person_id', jsonb_build_array(OLD."person_id", NEW."person_id")); END IF;
    IF NEW."text" IS DISTINCT FROM OLD."text" THEN c := c || jsonb_build_object('text', jsonb_build_array(OLD."text", NEW."text")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('portal_portalmessage', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('portal_portalmessage', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_replication_branchnode()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_branchnode', array_agg(n."id"), NULL::uuid[], 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."acknowledged_number", n."acknowledged_position", n."address", n."clock_offset", n."company_id", n."created_at", n."fault", n."file_key", n."incarnation", n."is_within_batch", n."join_code_digest", n."join_code_until", n."met_at", n."name", n."number_block", n."position", n."prefix", n."private_key", n."public_key", n."received_number", n."schedule", n."scope", n."scope_sent", n."seats", n."sent_number", n."side", n."state", n."told", n."tried_at", n."whole_sent") IS DISTINCT FROM ROW(o."acknowledged_number", o."acknowledged_position", o."address", o."clock_offset", o."company_id", o."created_at", o."fault", o."file_key", o."incarnation", o."is_within_batch", o."join_code_digest", o."join_code_until", o."met_at", o."name", o."number_block", o."position", o."prefix", o."private_key", o."public_key", o."received_number", o."schedule", o."scope", o."scope_sent", o."seats", o."sent_number", o."side", o."state", o."told", o."tried_at", o."whole_sent") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_branchnode', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_branchnode', array_agg(o."id"), NULL::uuid[], 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_replication_conflict()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_conflict', array_agg(n."id"), array_agg(n."node_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."base", n."branch", n."branch_at", n."branch_author", n."centre", n."centre_at", n."centre_author", n."column", n."created_at", n."is_open", n."key", n."kind", n."node_id", n."number", n."other_key", n."policy", n."resolved_at", n."resolved_by", n."table", n."taken", n."winner") IS DISTINCT FROM ROW(o."base", o."branch", o."branch_at", o."branch_author", o."centre", o."centre_at", o."centre_author", o."column", o."created_at", o."is_open", o."key", o."kind", o."node_id", o."number", o."other_key", o."policy", o."resolved_at", o."resolved_by", o."table", o."taken", o."winner") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_conflict', array_agg(n."id"), array_agg(n."node_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_conflict', array_agg(o."id"), array_agg(o."node_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_replication_messagelog()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_messagelog', array_agg(n."id"), array_agg(n."node_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."conflicts", n."created_at", n."digest", n."direction", n."incarnation", n."node_id", n."number", n."parked", n."position", n."rows", n."seconds", n."size") IS DISTINCT FROM ROW(o."conflicts", o."created_at", o."digest", o."direction", o."incarnation", o."node_id", o."number", o."parked", o."position", o."rows", o."seconds", o."size") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_messagelog', array_agg(n."id"), array_agg(n."node_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_messagelog', array_agg(o."id"), array_agg(o."node_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_replication_parkedchange()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_parkedchange', array_agg(n."id"), array_agg(n."node_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."author", n."changed_at", n."created_at", n."detail", n."key", n."node_id", n."number", n."operation", n."reason", n."row", n."table", n."tried_at", n."tries") IS DISTINCT FROM ROW(o."author", o."changed_at", o."created_at", o."detail", o."key", o."node_id", o."number", o."operation", o."reason", o."row", o."table", o."tried_at", o."tries") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_parkedchange', array_agg(n."id"), array_agg(n."node_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'replication_parkedchange', array_agg(o."id"), array_agg(o."node_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_delivery()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_delivery', array_agg(n."id"), array_agg(n."invoice_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."invoice_id" IS DISTINCT FROM OLD."invoice_id" THEN c := c || jsonb_build_object('invoice_id', jsonb_build_array(OLD."invoice_id", NEW."invoice_id")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."lines" IS DISTINCT FROM OLD."lines" THEN c := c || jsonb_build_object('lines', jsonb_build_array(OLD."lines", NEW."lines")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."number" IS DISTINCT FROM OLD."number" THEN c := c || jsonb_build_object('number', jsonb_build_array(OLD."number", NEW."number")); END IF;
    IF NEW."ref" IS DISTINCT FROM OLD."ref" THEN c := c || jsonb_build_object('ref', jsonb_build_array(OLD."ref", NEW."ref")); END IF;
    IF NEW."shipped_on" IS DISTINCT FROM OLD."shipped_on" THEN c := c || jsonb_build_object('shipped_on', jsonb_build_array(OLD."shipped_on", NEW."shipped_on")); END IF;
    IF NEW."total" IS DISTINCT FROM OLD."total" THEN c := c || jsonb_build_object('total', jsonb_build_array(OLD."total", NEW."total")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_delivery', NEW."id", NEW."invoice_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_delivery', OLD."id", OLD."invoice_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_invoice()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoice', array_agg(n."id"), NULL::uuid[], 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."comment" IS DISTINCT FROM OLD."comment" THEN c := c || jsonb_build_object('comment', jsonb_build_array(OLD."comment", NEW."comment")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."currency" IS DISTINCT FROM OLD."currency" THEN c := c || jsonb_build_object('currency', jsonb_build_array(OLD."currency", NEW."currency")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."date_1c" IS DISTINCT FROM OLD."date_1c" THEN c := c || jsonb_build_object('date_1c', jsonb_build_array(OLD."date_1c", NEW."date_1c")); END IF;
    IF NEW."delivery_state" IS DISTINCT FROM OLD."delivery_state" THEN c := c || jsonb_build_object('delivery_state', jsonb_build_array(OLD."delivery_state", NEW."delivery_state")); END IF;
    IF NEW."due_on" IS DISTINCT FROM OLD."due_on" THEN c := c || jsonb_build_object('due_on', jsonb_build_array(OLD."due_on", NEW."due_on")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_posted_1c" IS DISTINCT FROM OLD."is_posted_1c" THEN c := c || jsonb_build_object('is_posted_1c', jsonb_build_array(OLD."is_posted_1c", NEW."is_posted_1c")); END IF;
    IF NEW."is_tax_included" IS DISTINCT FROM OLD."is_tax_included" THEN c := c || jsonb_build_object('is_tax_included', jsonb_build_array(OLD."is_tax_included", NEW."is_tax_included")); END IF;
    IF NEW."issued_on" IS DISTINCT FROM OLD."issued_on" THEN c := c || jsonb_build_object('issued_on', jsonb_build_array(OLD."issued_on", NEW."issued_on")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."number" IS DISTINCT FROM OLD."number" THEN c := c || jsonb_build_object('number', jsonb_build_array(OLD."number", NEW."number")); END IF;
    IF NEW."number_1c" IS DISTINCT FROM OLD."number_1c" THEN c := c || jsonb_build_object('number_1c', jsonb_build_array(OLD."number_1c", NEW."number_1c")); END IF;
    IF NEW."organization_id" IS DISTINCT FROM OLD."organization_id" THEN c := c || jsonb_build_object('organization_id', jsonb_build_array(OLD."organization_id", NEW."organization_id")); END IF;
    IF NEW."paid_total" IS DISTINCT FROM OLD."paid_total" THEN c := c || jsonb_build_object('paid_total', jsonb_build_array(OLD."paid_total", NEW."paid_total")); END IF;
    IF NEW."payment_state" IS DISTINCT FROM OLD."payment_state" THEN c := c || jsonb_build_object('payment_state', jsonb_build_array(OLD."payment_state", NEW."payment_state")); END IF;
    IF NEW."price_type_id" IS DISTINCT FROM OLD."price_type_id" THEN c := c || jsonb_build_object('price_type_id', jsonb_build_array(OLD."price_type_id", NEW."price_type_id")); END IF;
    IF NEW."ref" IS DISTINCT FROM OLD."ref" THEN c := c || jsonb_build_object('ref', jsonb_build_array(OLD."ref", NEW."ref")); END IF;
    IF NEW."responsible_id" IS DISTINCT FROM OLD."responsible_id" THEN c := c || jsonb_build_object('responsible_id', jsonb_build_array(OLD."responsible_id", NEW."responsible_id")); END IF;
    IF NEW."status" IS DISTINCT FROM OLD."status" THEN c := c || jsonb_build_object('status', jsonb_build_array(OLD."status", NEW."status")); END IF;
    IF NEW."status_1c" IS DISTINCT FROM OLD."status_1c" THEN c := c || jsonb_build_object('status_1c', jsonb_build_array(OLD."status_1c", NEW."status_1c")); END IF;
    IF NEW."tags" IS DISTINCT FROM OLD."tags" THEN c := c || jsonb_build_object('tags', jsonb_build_array(OLD."tags", NEW."tags")); END IF;
    IF NEW."tax_total" IS DISTINCT FROM OLD."tax_total" THEN c := c || jsonb_build_object('tax_total', jsonb_build_array(OLD."tax_total", NEW."tax_total")); END IF;
    IF NEW."total" IS DISTINCT FROM OLD."total" THEN c := c || jsonb_build_object('total', jsonb_build_array(OLD."total", NEW."total")); END IF;
    IF NEW."version" IS DISTINCT FROM OLD."version" THEN c := c || jsonb_build_object('version', jsonb_build_array(OLD."version", NEW."version")); END IF;
    IF NEW."warehouse_id" IS DISTINCT FROM OLD."warehouse_id" THEN c := c || jsonb_build_object('warehouse_id', jsonb_build_array(OLD."warehouse_id", NEW."warehouse_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoice', NEW."id", NULL::uuid, 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoice', OLD."id", NULL::uuid, 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_invoiceconflict()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoiceconflict', array_agg(n."id"), array_agg(n."invoice_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."base" IS DISTINCT FROM OLD."base" THEN c := c || jsonb_build_object('base', jsonb_build_array(OLD."base", NEW."base")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."field" IS DISTINCT FROM OLD."field" THEN c := c || jsonb_build_object('field', jsonb_build_array(OLD."field", NEW."field")); END IF;
    IF NEW."invoice_id" IS DISTINCT FROM OLD."invoice_id" THEN c := c || jsonb_build_object('invoice_id', jsonb_build_array(OLD."invoice_id", NEW."invoice_id")); END IF;
    IF NEW."line_key" IS DISTINCT FROM OLD."line_key" THEN c := c || jsonb_build_object('line_key', jsonb_build_array(OLD."line_key", NEW."line_key")); END IF;
    IF NEW."line_name" IS DISTINCT FROM OLD."line_name" THEN c := c || jsonb_build_object('line_name', jsonb_build_array(OLD."line_name", NEW."line_name")); END IF;
    IF NEW."node_id" IS DISTINCT FROM OLD."node_id" THEN c := c || jsonb_build_object('node_id', jsonb_build_array(OLD."node_id", NEW."node_id")); END IF;
    IF NEW."ours" IS DISTINCT FROM OLD."ours" THEN c := c || jsonb_build_object('ours', jsonb_build_array(OLD."ours", NEW."ours")); END IF;
    IF NEW."resolved_at" IS DISTINCT FROM OLD."resolved_at" THEN c := c || jsonb_build_object('resolved_at', jsonb_build_array(OLD."resolved_at", NEW."resolved_at")); END IF;
    IF NEW."resolved_by_id" IS DISTINCT FROM OLD."resolved_by_id" THEN c := c || jsonb_build_object('resolved_by_id', jsonb_build_array(OLD."resolved_by_id", NEW."resolved_by_id")); END IF;
    IF NEW."state" IS DISTINCT FROM OLD."state" THEN c := c || jsonb_build_object('state', jsonb_build_array(OLD."state", NEW."state")); END IF;
    IF NEW."theirs" IS DISTINCT FROM OLD."theirs" THEN c := c || jsonb_build_object('theirs', jsonb_build_array(OLD."theirs", NEW."theirs")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoiceconflict', NEW."id", NEW."invoice_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoiceconflict', OLD."id", OLD."invoice_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_invoiceevent()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoiceevent', array_agg(n."id"), array_agg(n."invoice_id"), 'U', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n FULL JOIN old_rows o ON o."id" = n."id" WHERE ROW(n."at", n."author_id", n."created_at", n."detail", n."invoice_id", n."kind", n."source") IS DISTINCT FROM ROW(o."at", o."author_id", o."created_at", o."detail", o."invoice_id", o."kind", o."source") AND coalesce(o."id" = n."id", false) HAVING count(*) > 0;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoiceevent', array_agg(n."id"), array_agg(n."invoice_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
  ELSE
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoiceevent', array_agg(o."id"), array_agg(o."invoice_id"), 'D', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM old_rows o HAVING count(*) > 0;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_invoiceline()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoiceline', array_agg(n."id"), array_agg(n."invoice_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."article" IS DISTINCT FROM OLD."article" THEN c := c || jsonb_build_object('article', jsonb_build_array(OLD."article", NEW."article")); END IF;
    IF NEW."characteristic_id" IS DISTINCT FROM OLD."characteristic_id" THEN c := c || jsonb_build_object('characteristic_id', jsonb_build_array(OLD."characteristic_id", NEW."characteristic_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."discount_percent" IS DISTINCT FROM OLD."discount_percent" THEN c := c || jsonb_build_object('discount_percent', jsonb_build_array(OLD."discount_percent", NEW."discount_percent")); END IF;
    IF NEW."invoice_id" IS DISTINCT FROM OLD."invoice_id" THEN c := c || jsonb_build_object('invoice_id', jsonb_build_array(OLD."invoice_id", NEW."invoice_id")); END IF;
    IF NEW."name" IS DISTINCT FROM OLD."name" THEN c := c || jsonb_build_object('name', jsonb_build_array(OLD."name", NEW."name")); END IF;
    IF NEW."position" IS DISTINCT FROM OLD."position" THEN c := c || jsonb_build_object('position', jsonb_build_array(OLD."position", NEW."position")); END IF;
    IF NEW."price" IS DISTINCT FROM OLD."price" THEN c := c || jsonb_build_object('price', jsonb_build_array(OLD."price", NEW."price")); END IF;
    IF NEW."product_id" IS DISTINCT FROM OLD."product_id" THEN c := c || jsonb_build_object('product_id', jsonb_build_array(OLD."product_id", NEW."product_id")); END IF;
    IF NEW."quantity" IS DISTINCT FROM OLD."quantity" THEN c := c || jsonb_build_object('quantity', jsonb_build_array(OLD."quantity", NEW."quantity")); END IF;
    IF NEW."shipped_quantity" IS DISTINCT FROM OLD."shipped_quantity" THEN c := c || jsonb_build_object('shipped_quantity', jsonb_build_array(OLD."shipped_quantity", NEW."shipped_quantity")); END IF;
    IF NEW."tax" IS DISTINCT FROM OLD."tax" THEN c := c || jsonb_build_object('tax', jsonb_build_array(OLD."tax", NEW."tax")); END IF;
    IF NEW."tax_rate" IS DISTINCT FROM OLD."tax_rate" THEN c := c || jsonb_build_object('tax_rate', jsonb_build_array(OLD."tax_rate", NEW."tax_rate")); END IF;
    IF NEW."total" IS DISTINCT FROM OLD."total" THEN c := c || jsonb_build_object('total', jsonb_build_array(OLD."total", NEW."total")); END IF;
    IF NEW."unit" IS DISTINCT FROM OLD."unit" THEN c := c || jsonb_build_object('unit', jsonb_build_array(OLD."unit", NEW."unit")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoiceline', NEW."id", NEW."invoice_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoiceline', OLD."id", OLD."invoice_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_invoicepayment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_invoicepayment', array_agg(n."id"), array_agg(n."invoice_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."amount" IS DISTINCT FROM OLD."amount" THEN c := c || jsonb_build_object('amount', jsonb_build_array(OLD."amount", NEW."amount")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."invoice_id" IS DISTINCT FROM OLD."invoice_id" THEN c := c || jsonb_build_object('invoice_id', jsonb_build_array(OLD."invoice_id", NEW."invoice_id")); END IF;
    IF NEW."payment_id" IS DISTINCT FROM OLD."payment_id" THEN c := c || jsonb_build_object('payment_id', jsonb_build_array(OLD."payment_id", NEW."payment_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoicepayment', NEW."id", NEW."invoice_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_invoicepayment', OLD."id", OLD."invoice_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_sales_tradeterms()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'sales_tradeterms', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."payment_days" IS DISTINCT FROM OLD."payment_days" THEN c := c || jsonb_build_object('payment_days', jsonb_build_array(OLD."payment_days", NEW."payment_days")); END IF;
    IF NEW."price_type_id" IS DISTINCT FROM OLD."price_type_id" THEN c := c || jsonb_build_object('price_type_id', jsonb_build_array(OLD."price_type_id", NEW."price_type_id")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_tradeterms', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('sales_tradeterms', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE OR REPLACE FUNCTION journal_service_servicerequest()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE c jsonb := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replication_journal (table_name, keys, routes, operation, author, origin, cause) SELECT 'service_servicerequest', array_agg(n."id"), array_agg(n."counterparty_id"), 'I', nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), '') FROM new_rows n HAVING count(*) > 0;
    IF FOUND THEN
      PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW."author_id" IS DISTINCT FROM OLD."author_id" THEN c := c || jsonb_build_object('author_id', jsonb_build_array(OLD."author_id", NEW."author_id")); END IF;
    IF NEW."closed_at" IS DISTINCT FROM OLD."closed_at" THEN c := c || jsonb_build_object('closed_at', jsonb_build_array(OLD."closed_at", NEW."closed_at")); END IF;
    IF NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN c := c || jsonb_build_object('counterparty_id', jsonb_build_array(OLD."counterparty_id", NEW."counterparty_id")); END IF;
    IF NEW."created_at" IS DISTINCT FROM OLD."created_at" THEN c := c || jsonb_build_object('created_at', jsonb_build_array(OLD."created_at", NEW."created_at")); END IF;
    IF NEW."custom" IS DISTINCT FROM OLD."custom" THEN c := c || jsonb_build_object('custom', jsonb_build_array(OLD."custom", NEW."custom")); END IF;
    IF NEW."due_at" IS DISTINCT FROM OLD."due_at" THEN c := c || jsonb_build_object('due_at', jsonb_build_array(OLD."due_at", NEW."due_at")); END IF;
    IF NEW."invoice_id" IS DISTINCT FROM OLD."invoice_id" THEN c := c || jsonb_build_object('invoice_id', jsonb_build_array(OLD."invoice_id", NEW."invoice_id")); END IF;
    IF NEW."is_archived" IS DISTINCT FROM OLD."is_archived" THEN c := c || jsonb_build_object('is_archived', jsonb_build_array(OLD."is_archived", NEW."is_archived")); END IF;
    IF NEW."is_urgent" IS DISTINCT FROM OLD."is_urgent" THEN c := c || jsonb_build_object('is_urgent', jsonb_build_array(OLD."is_urgent", NEW."is_urgent")); END IF;
    IF NEW."kind" IS DISTINCT FROM OLD."kind" THEN c := c || jsonb_build_object('kind', jsonb_build_array(OLD."kind", NEW."kind")); END IF;
    IF NEW."owner_id" IS DISTINCT FROM OLD."owner_id" THEN c := c || jsonb_build_object('owner_id', jsonb_build_array(OLD."owner_id", NEW."owner_id")); END IF;
    IF NEW."person_id" IS DISTINCT FROM OLD."person_id" THEN c := c || jsonb_build_object('person_id', jsonb_build_array(OLD."person_id", NEW."person_id")); END IF;
    IF NEW."product_id" IS DISTINCT FROM OLD."product_id" THEN c := c || jsonb_build_object('product_id', jsonb_build_array(OLD."product_id", NEW."product_id")); END IF;
    IF NEW."resolution" IS DISTINCT FROM OLD."resolution" THEN c := c || jsonb_build_object('resolution', jsonb_build_array(OLD."resolution", NEW."resolution")); END IF;
    IF NEW."state" IS DISTINCT FROM OLD."state" THEN c := c || jsonb_build_object('state', jsonb_build_array(OLD."state", NEW."state")); END IF;
    IF NEW."subject" IS DISTINCT FROM OLD."subject" THEN c := c || jsonb_build_object('subject', jsonb_build_array(OLD."subject", NEW."subject")); END IF;
    IF NEW."tags" IS DISTINCT FROM OLD."tags" THEN c := c || jsonb_build_object('tags', jsonb_build_array(OLD."tags", NEW."tags")); END IF;
    IF NEW."taken_at" IS DISTINCT FROM OLD."taken_at" THEN c := c || jsonb_build_object('taken_at', jsonb_build_array(OLD."taken_at", NEW."taken_at")); END IF;
    IF NEW."text" IS DISTINCT FROM OLD."text" THEN c := c || jsonb_build_object('text', jsonb_build_array(OLD."text", NEW."text")); END IF;
    IF c = '{}' THEN
      RETURN NULL;
    END IF;
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('service_servicerequest', NEW."id", NEW."counterparty_id", 'U', c, nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  ELSE
    INSERT INTO replication_journal (table_name, key, route, operation, changed, author, origin, cause) VALUES ('service_servicerequest', OLD."id", OLD."counterparty_id", 'D', (SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL)) FROM jsonb_each(to_jsonb(OLD)) e), nullif(current_setting('kopru.author', true), '')::uuid, nullif(current_setting('kopru.origin', true), '')::uuid, coalesce(current_setting('kopru.cause', true), ''));
  END IF;
  PERFORM pg_notify('kopru_journal', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
$function$
;
CREATE TRIGGER journal_insert AFTER INSERT ON accounts_accessrole REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_accounts_accessrole();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON accounts_accessrole FOR EACH ROW EXECUTE FUNCTION journal_accounts_accessrole();
CREATE TRIGGER journal_insert AFTER INSERT ON accounts_companymodule REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_accounts_companymodule();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON accounts_companymodule FOR EACH ROW EXECUTE FUNCTION journal_accounts_companymodule();
CREATE TRIGGER journal_insert AFTER INSERT ON accounts_rolefield REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_accounts_rolefield();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON accounts_rolefield FOR EACH ROW EXECUTE FUNCTION journal_accounts_rolefield();
CREATE TRIGGER journal_insert AFTER INSERT ON accounts_roleright REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_accounts_roleright();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON accounts_roleright FOR EACH ROW EXECUTE FUNCTION journal_accounts_roleright();
CREATE TRIGGER journal_insert AFTER INSERT ON accounts_team REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_accounts_team();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON accounts_team FOR EACH ROW EXECUTE FUNCTION journal_accounts_team();
CREATE TRIGGER journal_insert AFTER INSERT ON accounts_user REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_accounts_user();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON accounts_user FOR EACH ROW EXECUTE FUNCTION journal_accounts_user();
CREATE TRIGGER journal_insert AFTER INSERT ON activities_activity REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_activities_activity();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON activities_activity FOR EACH ROW EXECUTE FUNCTION journal_activities_activity();
CREATE TRIGGER journal_insert AFTER INSERT ON activities_activitylink REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_activities_activitylink();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON activities_activitylink FOR EACH ROW EXECUTE FUNCTION journal_activities_activitylink();
CREATE TRIGGER journal_insert AFTER INSERT ON activities_activityperson REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_activities_activityperson();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON activities_activityperson FOR EACH ROW EXECUTE FUNCTION journal_activities_activityperson();
CREATE TRIGGER journal_insert AFTER INSERT ON activities_comment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_activities_comment();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON activities_comment FOR EACH ROW EXECUTE FUNCTION journal_activities_comment();
CREATE TRIGGER journal_insert AFTER INSERT ON activities_mention REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_activities_mention();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON activities_mention FOR EACH ROW EXECUTE FUNCTION journal_activities_mention();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_characteristic REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_characteristic();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_characteristic REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_characteristic();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_characteristic REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_characteristic();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_directoryentry REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_directoryentry();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_directoryentry REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_directoryentry();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_directoryentry REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_directoryentry();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_price REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_price();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_price REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_price();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_price REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_price();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_pricetype REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_pricetype();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_pricetype REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_pricetype();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_pricetype REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_pricetype();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_product REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_product();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_product REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_product();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_product REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_product();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_productfile REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productfile();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_productfile REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productfile();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_productfile REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productfile();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_productgroup REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productgroup();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_productgroup REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productgroup();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_productgroup REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productgroup();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_productgrouplink REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productgrouplink();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_productgrouplink REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productgrouplink();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_productgrouplink REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productgrouplink();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_productpropertyvalue REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productpropertyvalue();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_productpropertyvalue REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productpropertyvalue();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_productpropertyvalue REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_productpropertyvalue();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_property REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_property();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_property REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_property();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_property REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_property();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_propertyoption REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_propertyoption();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_propertyoption REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_propertyoption();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_propertyoption REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_propertyoption();
CREATE TRIGGER journal_delete AFTER DELETE ON catalog_unit REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_unit();
CREATE TRIGGER journal_insert AFTER INSERT ON catalog_unit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_unit();
CREATE TRIGGER journal_update AFTER UPDATE ON catalog_unit REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_catalog_unit();
CREATE TRIGGER journal_insert AFTER INSERT ON core_organization REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_core_organization();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON core_organization FOR EACH ROW EXECUTE FUNCTION journal_core_organization();
CREATE TRIGGER journal_insert AFTER INSERT ON core_tag REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_core_tag();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON core_tag FOR EACH ROW EXECUTE FUNCTION journal_core_tag();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_attachment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_attachment();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_attachment FOR EACH ROW EXECUTE FUNCTION journal_counterparties_attachment();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_bankaccount REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_bankaccount();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_bankaccount FOR EACH ROW EXECUTE FUNCTION journal_counterparties_bankaccount();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_consent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_consent();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_consent FOR EACH ROW EXECUTE FUNCTION journal_counterparties_consent();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_contactperson REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_contactperson();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_contactperson FOR EACH ROW EXECUTE FUNCTION journal_counterparties_contactperson();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_contactpoint REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_contactpoint();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_contactpoint FOR EACH ROW EXECUTE FUNCTION journal_counterparties_contactpoint();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_contactrole REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_contactrole();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_contactrole FOR EACH ROW EXECUTE FUNCTION journal_counterparties_contactrole();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_counterparty REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_counterparty();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_counterparty FOR EACH ROW EXECUTE FUNCTION journal_counterparties_counterparty();
CREATE TRIGGER journal_insert AFTER INSERT ON counterparties_importantdate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_counterparties_importantdate();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON counterparties_importantdate FOR EACH ROW EXECUTE FUNCTION journal_counterparties_importantdate();
CREATE TRIGGER journal_insert AFTER INSERT ON custom_cardlayout REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_custom_cardlayout();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON custom_cardlayout FOR EACH ROW EXECUTE FUNCTION journal_custom_cardlayout();
CREATE TRIGGER journal_insert AFTER INSERT ON custom_customfield REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_custom_customfield();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON custom_customfield FOR EACH ROW EXECUTE FUNCTION journal_custom_customfield();
CREATE TRIGGER journal_insert AFTER INSERT ON custom_customobject REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_custom_customobject();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON custom_customobject FOR EACH ROW EXECUTE FUNCTION journal_custom_customobject();
CREATE TRIGGER journal_insert AFTER INSERT ON custom_customrow REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_custom_customrow();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON custom_customrow FOR EACH ROW EXECUTE FUNCTION journal_custom_customrow();
CREATE TRIGGER journal_insert AFTER INSERT ON custom_menulayout REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_custom_menulayout();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON custom_menulayout FOR EACH ROW EXECUTE FUNCTION journal_custom_menulayout();
CREATE TRIGGER journal_insert AFTER INSERT ON custom_personalarrangement REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_custom_personalarrangement();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON custom_personalarrangement FOR EACH ROW EXECUTE FUNCTION journal_custom_personalarrangement();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_deal REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_deal();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_deal FOR EACH ROW EXECUTE FUNCTION journal_deals_deal();
CREATE TRIGGER journal_delete AFTER DELETE ON deals_dealinvoice REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealinvoice();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_dealinvoice REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealinvoice();
CREATE TRIGGER journal_update AFTER UPDATE ON deals_dealinvoice REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealinvoice();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_dealline REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealline();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_dealline FOR EACH ROW EXECUTE FUNCTION journal_deals_dealline();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_dealmember REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealmember();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_dealmember FOR EACH ROW EXECUTE FUNCTION journal_deals_dealmember();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_dealparticipant REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealparticipant();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_dealparticipant FOR EACH ROW EXECUTE FUNCTION journal_deals_dealparticipant();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_dealsettings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_dealsettings();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_dealsettings FOR EACH ROW EXECUTE FUNCTION journal_deals_dealsettings();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_lossreason REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_lossreason();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_lossreason FOR EACH ROW EXECUTE FUNCTION journal_deals_lossreason();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_pipeline REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_pipeline();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_pipeline FOR EACH ROW EXECUTE FUNCTION journal_deals_pipeline();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_quotation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_quotation();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_quotation FOR EACH ROW EXECUTE FUNCTION journal_deals_quotation();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_quotationline REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_quotationline();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_quotationline FOR EACH ROW EXECUTE FUNCTION journal_deals_quotationline();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_salesplan REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_salesplan();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_salesplan FOR EACH ROW EXECUTE FUNCTION journal_deals_salesplan();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_stage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_stage();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON deals_stage FOR EACH ROW EXECUTE FUNCTION journal_deals_stage();
CREATE TRIGGER journal_delete AFTER DELETE ON deals_stagemove REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_stagemove();
CREATE TRIGGER journal_insert AFTER INSERT ON deals_stagemove REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_stagemove();
CREATE TRIGGER journal_update AFTER UPDATE ON deals_stagemove REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_deals_stagemove();
CREATE TRIGGER journal_delete AFTER DELETE ON exchange_exchangesession REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_exchangesession();
CREATE TRIGGER journal_insert AFTER INSERT ON exchange_exchangesession REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_exchangesession();
CREATE TRIGGER journal_update AFTER UPDATE ON exchange_exchangesession REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_exchangesession();
CREATE TRIGGER journal_delete AFTER DELETE ON exchange_node REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_node();
CREATE TRIGGER journal_insert AFTER INSERT ON exchange_node REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_node();
CREATE TRIGGER journal_update AFTER UPDATE ON exchange_node REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_node();
CREATE TRIGGER journal_delete AFTER DELETE ON exchange_sessionproblem REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_sessionproblem();
CREATE TRIGGER journal_insert AFTER INSERT ON exchange_sessionproblem REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_sessionproblem();
CREATE TRIGGER journal_update AFTER UPDATE ON exchange_sessionproblem REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_sessionproblem();
CREATE TRIGGER journal_delete AFTER DELETE ON exchange_uploadedfile REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_uploadedfile();
CREATE TRIGGER journal_insert AFTER INSERT ON exchange_uploadedfile REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_uploadedfile();
CREATE TRIGGER journal_update AFTER UPDATE ON exchange_uploadedfile REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_exchange_uploadedfile();
CREATE TRIGGER journal_insert AFTER INSERT ON finance_payment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_finance_payment();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON finance_payment FOR EACH ROW EXECUTE FUNCTION journal_finance_payment();
CREATE TRIGGER journal_delete AFTER DELETE ON inventory_stockbalance REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_inventory_stockbalance();
CREATE TRIGGER journal_insert AFTER INSERT ON inventory_stockbalance REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_inventory_stockbalance();
CREATE TRIGGER journal_update AFTER UPDATE ON inventory_stockbalance REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_inventory_stockbalance();
CREATE TRIGGER journal_delete AFTER DELETE ON inventory_warehouse REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_inventory_warehouse();
CREATE TRIGGER journal_insert AFTER INSERT ON inventory_warehouse REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_inventory_warehouse();
CREATE TRIGGER journal_update AFTER UPDATE ON inventory_warehouse REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_inventory_warehouse();
CREATE TRIGGER journal_delete AFTER DELETE ON mail_mailmessage REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_mail_mailmessage();
CREATE TRIGGER journal_insert AFTER INSERT ON mail_mailmessage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_mail_mailmessage();
CREATE TRIGGER journal_update AFTER UPDATE ON mail_mailmessage REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_mail_mailmessage();
CREATE TRIGGER journal_delete AFTER DELETE ON mail_mailsending REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_mail_mailsending();
CREATE TRIGGER journal_insert AFTER INSERT ON mail_mailsending REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_mail_mailsending();
CREATE TRIGGER journal_update AFTER UPDATE ON mail_mailsending REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_mail_mailsending();
CREATE TRIGGER journal_delete AFTER DELETE ON notifications_notification REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_notifications_notification();
CREATE TRIGGER journal_insert AFTER INSERT ON notifications_notification REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_notifications_notification();
CREATE TRIGGER journal_update AFTER UPDATE ON notifications_notification REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_notifications_notification();
CREATE TRIGGER journal_insert AFTER INSERT ON portal_portalmessage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_portal_portalmessage();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON portal_portalmessage FOR EACH ROW EXECUTE FUNCTION journal_portal_portalmessage();
CREATE TRIGGER journal_delete AFTER DELETE ON replication_branchnode REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_branchnode();
CREATE TRIGGER journal_insert AFTER INSERT ON replication_branchnode REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_branchnode();
CREATE TRIGGER journal_update AFTER UPDATE ON replication_branchnode REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_branchnode();
CREATE TRIGGER journal_delete AFTER DELETE ON replication_conflict REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_conflict();
CREATE TRIGGER journal_insert AFTER INSERT ON replication_conflict REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_conflict();
CREATE TRIGGER journal_update AFTER UPDATE ON replication_conflict REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_conflict();
CREATE TRIGGER journal_delete AFTER DELETE ON replication_messagelog REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_messagelog();
CREATE TRIGGER journal_insert AFTER INSERT ON replication_messagelog REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_messagelog();
CREATE TRIGGER journal_update AFTER UPDATE ON replication_messagelog REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_messagelog();
CREATE TRIGGER journal_delete AFTER DELETE ON replication_parkedchange REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_parkedchange();
CREATE TRIGGER journal_insert AFTER INSERT ON replication_parkedchange REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_parkedchange();
CREATE TRIGGER journal_update AFTER UPDATE ON replication_parkedchange REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_replication_parkedchange();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_delivery REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_delivery();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON sales_delivery FOR EACH ROW EXECUTE FUNCTION journal_sales_delivery();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_invoice REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoice();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON sales_invoice FOR EACH ROW EXECUTE FUNCTION journal_sales_invoice();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_invoiceconflict REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoiceconflict();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON sales_invoiceconflict FOR EACH ROW EXECUTE FUNCTION journal_sales_invoiceconflict();
CREATE TRIGGER journal_delete AFTER DELETE ON sales_invoiceevent REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoiceevent();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_invoiceevent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoiceevent();
CREATE TRIGGER journal_update AFTER UPDATE ON sales_invoiceevent REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoiceevent();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_invoiceline REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoiceline();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON sales_invoiceline FOR EACH ROW EXECUTE FUNCTION journal_sales_invoiceline();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_invoicepayment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_invoicepayment();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON sales_invoicepayment FOR EACH ROW EXECUTE FUNCTION journal_sales_invoicepayment();
CREATE TRIGGER journal_insert AFTER INSERT ON sales_tradeterms REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_sales_tradeterms();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON sales_tradeterms FOR EACH ROW EXECUTE FUNCTION journal_sales_tradeterms();
CREATE TRIGGER journal_insert AFTER INSERT ON service_servicerequest REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_service_servicerequest();
CREATE TRIGGER journal_rows AFTER DELETE OR UPDATE ON service_servicerequest FOR EACH ROW EXECUTE FUNCTION journal_service_servicerequest();
ALTER TABLE "account_emailaddress" ADD CONSTRAINT "account_emailaddress_user_id_2c513194_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "account_emailconfirmation" ADD CONSTRAINT "account_emailconfirm_email_address_id_5b7f8c58_fk_account_e" FOREIGN KEY (email_address_id) REFERENCES account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "accounts_rolefield" ADD CONSTRAINT "accounts_rolefield_role_id_60b895a3_fk_accounts_accessrole_id" FOREIGN KEY (role_id) REFERENCES accounts_accessrole(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "accounts_roleright" ADD CONSTRAINT "accounts_roleright_role_id_29ffb744_fk_accounts_accessrole_id" FOREIGN KEY (role_id) REFERENCES accounts_accessrole(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "accounts_team" ADD CONSTRAINT "accounts_team_parent_id_6c6f6e1c_fk_accounts_team_id" FOREIGN KEY (parent_id) REFERENCES accounts_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "accounts_user" ADD CONSTRAINT "accounts_user_access_role_id_5dc68d50_fk_accounts_accessrole_id" FOREIGN KEY (access_role_id) REFERENCES accounts_accessrole(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "accounts_user" ADD CONSTRAINT "accounts_user_team_id_27b7f1fa_fk_accounts_team_id" FOREIGN KEY (team_id) REFERENCES accounts_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activity" ADD CONSTRAINT "activities_activity_completed_by_id_67300679_fk_accounts_" FOREIGN KEY (completed_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activity" ADD CONSTRAINT "activities_activity_counterparty_id_9f20eadb_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activity" ADD CONSTRAINT "activities_activity_giver_id_5d03dcbf_fk_accounts_user_id" FOREIGN KEY (giver_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activity" ADD CONSTRAINT "activities_activity_owner_id_44d8a0b4_fk_accounts_user_id" FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activitylink" ADD CONSTRAINT "activities_activityl_activity_id_17f3c13c_fk_activitie" FOREIGN KEY (activity_id) REFERENCES activities_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activityperson" ADD CONSTRAINT "activities_activityp_activity_id_2674e1f9_fk_activitie" FOREIGN KEY (activity_id) REFERENCES activities_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_activityperson" ADD CONSTRAINT "activities_activityperson_user_id_c25ba428_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_comment" ADD CONSTRAINT "activities_comment_activity_id_b15d5e1d_fk_activitie" FOREIGN KEY (activity_id) REFERENCES activities_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_comment" ADD CONSTRAINT "activities_comment_author_id_56fd08bf_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_follower" ADD CONSTRAINT "activities_follower_user_id_4327445e_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_mention" ADD CONSTRAINT "activities_mention_activity_id_d847b7dd_fk_activitie" FOREIGN KEY (activity_id) REFERENCES activities_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_mention" ADD CONSTRAINT "activities_mention_author_id_76af9342_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_mention" ADD CONSTRAINT "activities_mention_comment_id_169cafaf_fk_activities_comment_id" FOREIGN KEY (comment_id) REFERENCES activities_comment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "activities_mention" ADD CONSTRAINT "activities_mention_user_id_2e88f731_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "api_apitoken" ADD CONSTRAINT "api_apitoken_user_id_9cffaf33_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "auth_group_permissions" ADD CONSTRAINT "auth_group_permissio_permission_id_84c5c92e_fk_auth_perm" FOREIGN KEY (permission_id) REFERENCES auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "auth_group_permissions" ADD CONSTRAINT "auth_group_permissions_group_id_b120cbf9_fk_auth_group_id" FOREIGN KEY (group_id) REFERENCES auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "auth_permission" ADD CONSTRAINT "auth_permission_content_type_id_2f476e4b_fk_django_co" FOREIGN KEY (content_type_id) REFERENCES django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "axes_accessattemptexpiration" ADD CONSTRAINT "axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce" FOREIGN KEY (access_attempt_id) REFERENCES axes_accessattempt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "catalog_product" ADD CONSTRAINT "catalog_product_group_id_8956042d_fk_catalog_productgroup_id" FOREIGN KEY (group_id) REFERENCES catalog_productgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "catalog_product" ADD CONSTRAINT "catalog_product_unit_id_7a2d09c7_fk_catalog_unit_id" FOREIGN KEY (unit_id) REFERENCES catalog_unit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "catalog_productgroup" ADD CONSTRAINT "catalog_productgroup_parent_id_f743f98c_fk_catalog_p" FOREIGN KEY (parent_id) REFERENCES catalog_productgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "catalog_propertyoption" ADD CONSTRAINT "catalog_propertyopti_property_id_7d61f9d8_fk_catalog_p" FOREIGN KEY (property_id) REFERENCES catalog_property(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "core_bulkrow" ADD CONSTRAINT "core_bulkrow_job_id_9651e15f_fk_core_bulkjob_id" FOREIGN KEY (job_id) REFERENCES core_bulkjob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "core_exportjob" ADD CONSTRAINT "core_exportjob_schedule_id_eeac442f_fk_core_exportschedule_id" FOREIGN KEY (schedule_id) REFERENCES core_exportschedule(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_attachment" ADD CONSTRAINT "counterparties_attac_author_id_a53e20ef_fk_accounts_" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_attachment" ADD CONSTRAINT "counterparties_attac_counterparty_id_8b5b76c6_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_bankaccount" ADD CONSTRAINT "counterparties_banka_counterparty_id_dce7e2c8_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_consent" ADD CONSTRAINT "counterparties_conse_counterparty_id_87e72774_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_consent" ADD CONSTRAINT "counterparties_conse_person_id_68b2e649_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_contactperson" ADD CONSTRAINT "counterparties_conta_counterparty_id_ad3cb5be_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_contactpoint" ADD CONSTRAINT "counterparties_conta_counterparty_id_b8c1df06_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_contactpoint" ADD CONSTRAINT "counterparties_conta_person_id_f399dfb7_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_contactrole" ADD CONSTRAINT "counterparties_conta_counterparty_id_31d385cb_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_contactrole" ADD CONSTRAINT "counterparties_conta_person_id_dca02739_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_counterparty" ADD CONSTRAINT "counterparties_count_parent_id_b6bccc42_fk_counterpa" FOREIGN KEY (parent_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_counterparty" ADD CONSTRAINT "counterparties_count_responsible_id_58fc9028_fk_accounts_" FOREIGN KEY (responsible_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_handover" ADD CONSTRAINT "counterparties_hando_receiver_id_e736bc50_fk_accounts_" FOREIGN KEY (receiver_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_handover" ADD CONSTRAINT "counterparties_handover_author_id_90c47d72_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_handover" ADD CONSTRAINT "counterparties_handover_giver_id_87ba5e26_fk_accounts_user_id" FOREIGN KEY (giver_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "counterparties_importantdate" ADD CONSTRAINT "counterparties_impor_counterparty_id_367025e8_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "custom_customrow" ADD CONSTRAINT "custom_customrow_kind_id_63f0cc78_fk_custom_customobject_id" FOREIGN KEY (kind_id) REFERENCES custom_customobject(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "custom_customrow" ADD CONSTRAINT "custom_customrow_responsible_id_bd9b83e4_fk_accounts_user_id" FOREIGN KEY (responsible_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_counterparty_id_a5e9d914_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_loss_reason_id_3c2b6cf3_fk_deals_lossreason_id" FOREIGN KEY (loss_reason_id) REFERENCES deals_lossreason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_owner_id_2f09ac61_fk_accounts_user_id" FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_pipeline_id_0cf5d68d_fk_deals_pipeline_id" FOREIGN KEY (pipeline_id) REFERENCES deals_pipeline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_price_type_id_fcd7c4b9_fk_catalog_pricetype_id" FOREIGN KEY (price_type_id) REFERENCES catalog_pricetype(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_deal" ADD CONSTRAINT "deals_deal_stage_id_0342b533_fk_deals_stage_id" FOREIGN KEY (stage_id) REFERENCES deals_stage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealinvoice" ADD CONSTRAINT "deals_dealinvoice_deal_id_88a9e285_fk_deals_deal_id" FOREIGN KEY (deal_id) REFERENCES deals_deal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealinvoice" ADD CONSTRAINT "deals_dealinvoice_invoice_id_eb302998_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealline" ADD CONSTRAINT "deals_dealline_characteristic_id_c76d3ed6_fk_catalog_c" FOREIGN KEY (characteristic_id) REFERENCES catalog_characteristic(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealline" ADD CONSTRAINT "deals_dealline_deal_id_0d1f9696_fk_deals_deal_id" FOREIGN KEY (deal_id) REFERENCES deals_deal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealline" ADD CONSTRAINT "deals_dealline_product_id_e0d27ef9_fk_catalog_product_id" FOREIGN KEY (product_id) REFERENCES catalog_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealmember" ADD CONSTRAINT "deals_dealmember_deal_id_ec81a7c4_fk_deals_deal_id" FOREIGN KEY (deal_id) REFERENCES deals_deal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealmember" ADD CONSTRAINT "deals_dealmember_user_id_f2b0fe3a_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealparticipant" ADD CONSTRAINT "deals_dealparticipan_person_id_89eb7366_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_dealparticipant" ADD CONSTRAINT "deals_dealparticipant_deal_id_a9ef6495_fk_deals_deal_id" FOREIGN KEY (deal_id) REFERENCES deals_deal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotation" ADD CONSTRAINT "deals_quotation_author_id_8d0197f7_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotation" ADD CONSTRAINT "deals_quotation_deal_id_283b4155_fk_deals_deal_id" FOREIGN KEY (deal_id) REFERENCES deals_deal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotation" ADD CONSTRAINT "deals_quotation_decided_by_id_cbd4aaa2_fk_accounts_user_id" FOREIGN KEY (decided_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotation" ADD CONSTRAINT "deals_quotation_invoice_id_a28790fd_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotation" ADD CONSTRAINT "deals_quotation_organization_id_4a7f3af5_fk_core_orga" FOREIGN KEY (organization_id) REFERENCES core_organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotationline" ADD CONSTRAINT "deals_quotationline_characteristic_id_1d1e6b8d_fk_catalog_c" FOREIGN KEY (characteristic_id) REFERENCES catalog_characteristic(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotationline" ADD CONSTRAINT "deals_quotationline_product_id_84b5fa83_fk_catalog_product_id" FOREIGN KEY (product_id) REFERENCES catalog_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_quotationline" ADD CONSTRAINT "deals_quotationline_quotation_id_f13a36b2_fk_deals_quotation_id" FOREIGN KEY (quotation_id) REFERENCES deals_quotation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_salesplan" ADD CONSTRAINT "deals_salesplan_user_id_6c37f389_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_stage" ADD CONSTRAINT "deals_stage_pipeline_id_f7e13c40_fk_deals_pipeline_id" FOREIGN KEY (pipeline_id) REFERENCES deals_pipeline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_stagemove" ADD CONSTRAINT "deals_stagemove_by_id_d97ef81e_fk_accounts_user_id" FOREIGN KEY (by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_stagemove" ADD CONSTRAINT "deals_stagemove_deal_id_0b4b60bf_fk_deals_deal_id" FOREIGN KEY (deal_id) REFERENCES deals_deal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_stagemove" ADD CONSTRAINT "deals_stagemove_former_id_81b05244_fk_deals_stage_id" FOREIGN KEY (former_id) REFERENCES deals_stage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "deals_stagemove" ADD CONSTRAINT "deals_stagemove_stage_id_92ac3510_fk_deals_stage_id" FOREIGN KEY (stage_id) REFERENCES deals_stage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "duplicates_duplicatepair" ADD CONSTRAINT "duplicates_duplicate_decided_by_id_980f5251_fk_accounts_" FOREIGN KEY (decided_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "duplicates_merge" ADD CONSTRAINT "duplicates_merge_by_id_56466aa0_fk_accounts_user_id" FOREIGN KEY (by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "duplicates_mergedrow" ADD CONSTRAINT "duplicates_mergedrow_merge_id_109a13c9_fk_duplicates_merge_id" FOREIGN KEY (merge_id) REFERENCES duplicates_merge(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_exchangesession" ADD CONSTRAINT "exchange_exchangeses_repeats_id_eb0e3c1d_fk_exchange_" FOREIGN KEY (repeats_id) REFERENCES exchange_exchangesession(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_exchangesession" ADD CONSTRAINT "exchange_exchangesession_node_id_0b43966b_fk_exchange_node_id" FOREIGN KEY (node_id) REFERENCES exchange_node(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_filepart" ADD CONSTRAINT "exchange_filepart_file_id_0faa25f2_fk_exchange_uploadedfile_id" FOREIGN KEY (file_id) REFERENCES exchange_uploadedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_parkedrow" ADD CONSTRAINT "exchange_parkedrow_node_id_1425e81a_fk_exchange_node_id" FOREIGN KEY (node_id) REFERENCES exchange_node(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_parkedrow" ADD CONSTRAINT "exchange_parkedrow_session_id_02ebc900_fk_exchange_" FOREIGN KEY (session_id) REFERENCES exchange_exchangesession(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_sessionproblem" ADD CONSTRAINT "exchange_sessionprob_file_id_ca295204_fk_exchange_" FOREIGN KEY (file_id) REFERENCES exchange_uploadedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_sessionproblem" ADD CONSTRAINT "exchange_sessionprob_session_id_6aee7d7c_fk_exchange_" FOREIGN KEY (session_id) REFERENCES exchange_exchangesession(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_upload" ADD CONSTRAINT "exchange_upload_node_id_28570535_fk_exchange_node_id" FOREIGN KEY (node_id) REFERENCES exchange_node(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_upload" ADD CONSTRAINT "exchange_upload_session_id_3919afc5_fk_exchange_" FOREIGN KEY (session_id) REFERENCES exchange_exchangesession(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfil_container_id_c443b08f_fk_exchange_" FOREIGN KEY (container_id) REFERENCES exchange_uploadedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfil_session_id_aed58d1b_fk_exchange_" FOREIGN KEY (session_id) REFERENCES exchange_exchangesession(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "exchange_uploadedfile" ADD CONSTRAINT "exchange_uploadedfile_upload_id_b467e844_fk_exchange_upload_id" FOREIGN KEY (upload_id) REFERENCES exchange_upload(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "finance_payment" ADD CONSTRAINT "finance_payment_counterparty_id_d46e235e_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "imports_importedrow" ADD CONSTRAINT "imports_importedrow_run_id_b7f029f9_fk_imports_importrun_id" FOREIGN KEY (run_id) REFERENCES imports_importrun(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "imports_importline" ADD CONSTRAINT "imports_importline_run_id_39eff7fe_fk_imports_importrun_id" FOREIGN KEY (run_id) REFERENCES imports_importrun(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "imports_importrun" ADD CONSTRAINT "imports_importrun_by_id_dc8ff496_fk_accounts_user_id" FOREIGN KEY (by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_ignoredsender" ADD CONSTRAINT "mail_ignoredsender_author_id_955c09e1_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_ignoredsender" ADD CONSTRAINT "mail_ignoredsender_mailbox_id_57acf774_fk_mail_mailbox_id" FOREIGN KEY (mailbox_id) REFERENCES mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailbox" ADD CONSTRAINT "mail_mailbox_owner_id_c772af7c_fk_accounts_user_id" FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailfile" ADD CONSTRAINT "mail_mailfile_message_id_64d93a54_fk_mail_mailmessage_id" FOREIGN KEY (message_id) REFERENCES mail_mailmessage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailfolder" ADD CONSTRAINT "mail_mailfolder_mailbox_id_3a5f7a25_fk_mail_mailbox_id" FOREIGN KEY (mailbox_id) REFERENCES mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_maillink" ADD CONSTRAINT "mail_maillink_counterparty_id_e9d8ff66_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_maillink" ADD CONSTRAINT "mail_maillink_message_id_889e545d_fk_mail_mailmessage_id" FOREIGN KEY (message_id) REFERENCES mail_mailmessage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailplace" ADD CONSTRAINT "mail_mailplace_folder_id_d1f6c71a_fk_mail_mailfolder_id" FOREIGN KEY (folder_id) REFERENCES mail_mailfolder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailplace" ADD CONSTRAINT "mail_mailplace_message_id_e733ab66_fk_mail_mailmessage_id" FOREIGN KEY (message_id) REFERENCES mail_mailmessage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailsending" ADD CONSTRAINT "mail_mailsending_author_id_d2d2ad30_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailsending" ADD CONSTRAINT "mail_mailsending_mailbox_id_cd98cb82_fk_mail_mailbox_id" FOREIGN KEY (mailbox_id) REFERENCES mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mail_mailsending" ADD CONSTRAINT "mail_mailsending_message_id_d860cdc1_fk_mail_mailmessage_id" FOREIGN KEY (message_id) REFERENCES mail_mailmessage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "mfa_authenticator" ADD CONSTRAINT "mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "notifications_noticesettings" ADD CONSTRAINT "notifications_notice_user_id_e1e02761_fk_accounts_" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "notifications_notification" ADD CONSTRAINT "notifications_notification_user_id_b5e8c0ff_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "portal_portallink" ADD CONSTRAINT "portal_portallink_author_id_1111bcc5_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "portal_portallink" ADD CONSTRAINT "portal_portallink_counterparty_id_c6ca9423_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "portal_portallink" ADD CONSTRAINT "portal_portallink_person_id_7d13170b_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "portal_portalmessage" ADD CONSTRAINT "portal_portalmessage_author_id_7ba8d8d6_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "portal_portalmessage" ADD CONSTRAINT "portal_portalmessage_counterparty_id_e4071fce_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "portal_portalmessage" ADD CONSTRAINT "portal_portalmessage_person_id_aa04bf95_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_conflict" ADD CONSTRAINT "replication_conflict_node_id_6da8d0c8_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_departed" ADD CONSTRAINT "replication_departed_node_id_0202c114_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_membership" ADD CONSTRAINT "replication_membersh_node_id_c40c06af_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_messagelog" ADD CONSTRAINT "replication_messagel_node_id_6e8492ed_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_messagepart" ADD CONSTRAINT "replication_messagep_node_id_2fa26118_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_outgoingmessage" ADD CONSTRAINT "replication_outgoing_node_id_692a6f1d_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_parkedchange" ADD CONSTRAINT "replication_parkedch_node_id_f2c98543_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "replication_resend" ADD CONSTRAINT "replication_resend_node_id_065a8481_fk_replicati" FOREIGN KEY (node_id) REFERENCES replication_branchnode(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "reports_figuresletter" ADD CONSTRAINT "reports_figuresletter_user_id_60858560_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "reports_reportsettings" ADD CONSTRAINT "reports_reportsettin_cost_price_type_id_49b74a77_fk_catalog_p" FOREIGN KEY (cost_price_type_id) REFERENCES catalog_pricetype(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "reports_savedreport" ADD CONSTRAINT "reports_savedreport_user_id_fd57554a_fk_accounts_user_id" FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "retention_retentionrule" ADD CONSTRAINT "retention_retentionrule_set_by_id_8c75cadb_fk_accounts_user_id" FOREIGN KEY (set_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_delivery" ADD CONSTRAINT "sales_delivery_invoice_id_5e8c5c33_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_counterparty_id_4d11f311_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_organization_id_a96afe2d_fk_core_organization_id" FOREIGN KEY (organization_id) REFERENCES core_organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_price_type_id_f493338d_fk_catalog_pricetype_id" FOREIGN KEY (price_type_id) REFERENCES catalog_pricetype(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_responsible_id_2b7fcb97_fk_accounts_user_id" FOREIGN KEY (responsible_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoice" ADD CONSTRAINT "sales_invoice_warehouse_id_b3873f38_fk_inventory_warehouse_id" FOREIGN KEY (warehouse_id) REFERENCES inventory_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoicebase" ADD CONSTRAINT "sales_invoicebase_invoice_id_04e66dd5_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceconflict" ADD CONSTRAINT "sales_invoiceconflic_resolved_by_id_1e1f39f2_fk_accounts_" FOREIGN KEY (resolved_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceconflict" ADD CONSTRAINT "sales_invoiceconflict_invoice_id_61519cfc_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceevent" ADD CONSTRAINT "sales_invoiceevent_author_id_38b00aa5_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceevent" ADD CONSTRAINT "sales_invoiceevent_invoice_id_61b9b50a_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceline" ADD CONSTRAINT "sales_invoiceline_characteristic_id_0fa707e4_fk_catalog_c" FOREIGN KEY (characteristic_id) REFERENCES catalog_characteristic(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceline" ADD CONSTRAINT "sales_invoiceline_invoice_id_7057a7be_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoiceline" ADD CONSTRAINT "sales_invoiceline_product_id_2a98b3a4_fk_catalog_product_id" FOREIGN KEY (product_id) REFERENCES catalog_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoicepayment" ADD CONSTRAINT "sales_invoicepayment_invoice_id_a475003d_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_invoicepayment" ADD CONSTRAINT "sales_invoicepayment_payment_id_4a1bf378_fk_finance_payment_id" FOREIGN KEY (payment_id) REFERENCES finance_payment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_numbersequence" ADD CONSTRAINT "sales_numbersequence_organization_id_d3154b75_fk_core_orga" FOREIGN KEY (organization_id) REFERENCES core_organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_tradeterms" ADD CONSTRAINT "sales_tradeterms_counterparty_id_e984f6d1_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "sales_tradeterms" ADD CONSTRAINT "sales_tradeterms_price_type_id_b4918f73_fk_catalog_pricetype_id" FOREIGN KEY (price_type_id) REFERENCES catalog_pricetype(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicereque_counterparty_id_9b42cb86_fk_counterpa" FOREIGN KEY (counterparty_id) REFERENCES counterparties_counterparty(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicereque_person_id_1b8d8c89_fk_counterpa" FOREIGN KEY (person_id) REFERENCES counterparties_contactperson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicereque_product_id_2d025f18_fk_catalog_p" FOREIGN KEY (product_id) REFERENCES catalog_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicerequest_author_id_17b49195_fk_accounts_user_id" FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicerequest_invoice_id_8d2af4c0_fk_sales_invoice_id" FOREIGN KEY (invoice_id) REFERENCES sales_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "service_servicerequest" ADD CONSTRAINT "service_servicerequest_owner_id_a085ec71_fk_accounts_user_id" FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "webforms_webform" ADD CONSTRAINT "webforms_webform_owner_id_f1ac77f8_fk_accounts_user_id" FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "webforms_webformpost" ADD CONSTRAINT "webforms_webformpost_form_id_be6c35d2_fk_webforms_webform_id" FOREIGN KEY (form_id) REFERENCES webforms_webform(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "webhooks_webhook" ADD CONSTRAINT "webhooks_webhook_owner_id_fa512fda_fk_accounts_user_id" FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "webhooks_webhookdelivery" ADD CONSTRAINT "webhooks_webhookdeli_webhook_id_195f5243_fk_webhooks_" FOREIGN KEY (webhook_id) REFERENCES webhooks_webhook(id) DEFERRABLE INITIALLY DEFERRED;
