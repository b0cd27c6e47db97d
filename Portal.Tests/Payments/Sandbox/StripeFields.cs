namespace Portal.Tests.Payments.Sandbox;

/// <summary>
/// The fields of Stripe's objects and the JSON types of their values, as the sample objects of Stripe's published OpenAPI description have them
/// (stripe/openapi, fixtures). <c>any</c>: the sample has null there. Members of objects follow a dot.
/// </summary>
internal static class StripeFields
{
    public static IReadOnlyDictionary<string, string> Of(string type) => All[type].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split(':')).ToDictionary(parts => parts[0], parts => parts[1]);

    private static readonly Dictionary<string, string> All = new()
    {
        ["balance_transaction"] = """
            amount:number available_on:number balance_type:text created:number currency:text description:text exchange_rate:any fee:number
            fee_details:list id:text net:number object:text reporting_category:text source:text status:text type:text
            """,
        ["charge"] = """
            amount:number amount_captured:number amount_refunded:number application:any application_fee:any application_fee_amount:any
            balance_transaction:text billing_details:object billing_details.address:object billing_details.address.city:any
            billing_details.address.country:any billing_details.address.line1:any billing_details.address.line2:any
            billing_details.address.postal_code:any billing_details.address.state:any billing_details.email:any billing_details.name:text
            billing_details.phone:any billing_details.tax_id:any calculated_statement_descriptor:any captured:bool created:number currency:text
            customer:any description:text disputed:bool failure_balance_transaction:any failure_code:any failure_message:any fraud_details:object
            id:text livemode:bool metadata:object object:text on_behalf_of:any outcome:object outcome.advice_code:any
            outcome.network_advice_code:any outcome.network_decline_code:any outcome.network_status:any outcome.reason:any
            outcome.seller_message:any outcome.type:text paid:bool payment_intent:any payment_method:text payment_method_details:object
            payment_method_details.card:object payment_method_details.card.amount_authorized:any
            payment_method_details.card.authorization_code:any payment_method_details.card.brand:text payment_method_details.card.checks:object
            payment_method_details.card.checks.address_line1_check:any payment_method_details.card.checks.address_postal_code_check:any
            payment_method_details.card.checks.cvc_check:text payment_method_details.card.country:text
            payment_method_details.card.exp_month:number payment_method_details.card.exp_year:number
            payment_method_details.card.extended_authorization:object payment_method_details.card.extended_authorization.status:text
            payment_method_details.card.fingerprint:text payment_method_details.card.funding:text
            payment_method_details.card.incremental_authorization:object payment_method_details.card.incremental_authorization.status:text
            payment_method_details.card.installments:object payment_method_details.card.installments.plan:object
            payment_method_details.card.installments.plan.count:any payment_method_details.card.installments.plan.interval:any
            payment_method_details.card.installments.plan.type:text payment_method_details.card.last4:text payment_method_details.card.mandate:any
            payment_method_details.card.multicapture:object payment_method_details.card.multicapture.status:text
            payment_method_details.card.network:text payment_method_details.card.network_token:object
            payment_method_details.card.network_token.used:bool payment_method_details.card.network_transaction_id:any
            payment_method_details.card.overcapture:object payment_method_details.card.overcapture.maximum_amount_capturable:number
            payment_method_details.card.overcapture.status:text payment_method_details.card.regulated_status:any
            payment_method_details.card.three_d_secure:object payment_method_details.card.three_d_secure.authentication_flow:any
            payment_method_details.card.three_d_secure.electronic_commerce_indicator:any
            payment_method_details.card.three_d_secure.exemption_indicator:any payment_method_details.card.three_d_secure.result:any
            payment_method_details.card.three_d_secure.result_reason:any payment_method_details.card.three_d_secure.transaction_id:any
            payment_method_details.card.three_d_secure.version:any payment_method_details.card.transaction_link_id:any
            payment_method_details.card.wallet:object payment_method_details.card.wallet.dynamic_last4:any
            payment_method_details.card.wallet.type:text payment_method_details.type:text receipt_email:any receipt_number:any receipt_url:text
            refunded:bool refunds:object refunds.data:list refunds.has_more:bool refunds.object:text refunds.url:text review:any shipping:object
            source:object source.allow_redisplay:any source.amount:any source.client_secret:text source.created:number source.currency:any
            source.flow:text source.id:text source.livemode:bool source.metadata:any source.object:text source.owner:object
            source.owner.address:object source.owner.address.city:any source.owner.address.country:any source.owner.address.line1:any
            source.owner.address.line2:any source.owner.address.postal_code:any source.owner.address.state:any source.owner.email:any
            source.owner.name:any source.owner.phone:any source.owner.verified_address:object source.owner.verified_address.city:any
            source.owner.verified_address.country:any source.owner.verified_address.line1:any source.owner.verified_address.line2:any
            source.owner.verified_address.postal_code:any source.owner.verified_address.state:any source.owner.verified_email:any
            source.owner.verified_name:any source.owner.verified_phone:any source.statement_descriptor:any source.status:text source.type:text
            source.usage:any source_transfer:any statement_descriptor:any statement_descriptor_suffix:any status:text transfer_data:object
            transfer_data.amount:any transfer_data.destination:object transfer_data.destination.id:text transfer_data.destination.object:text
            transfer_group:any
            """,
        ["checkout.session"] = """
            adaptive_pricing:object adaptive_pricing.enabled:bool after_expiration:object after_expiration.recovery:object
            after_expiration.recovery.allow_promotion_codes:bool after_expiration.recovery.enabled:bool after_expiration.recovery.expires_at:any
            after_expiration.recovery.url:any allow_promotion_codes:any amount_subtotal:any amount_total:any automatic_tax:object
            automatic_tax.enabled:bool automatic_tax.liability:object automatic_tax.liability.type:text automatic_tax.provider:any
            automatic_tax.status:any billing_address_collection:any cancel_url:text client_reference_id:any client_secret:any
            collected_information:object collected_information.business_name:any collected_information.individual_name:any
            collected_information.shipping_details:object collected_information.shipping_details.address:object
            collected_information.shipping_details.address.city:any collected_information.shipping_details.address.country:any
            collected_information.shipping_details.address.line1:any collected_information.shipping_details.address.line2:any
            collected_information.shipping_details.address.postal_code:any collected_information.shipping_details.address.state:any
            collected_information.shipping_details.name:text consent:object consent.promotions:any consent.terms_of_service:any
            consent_collection:object consent_collection.payment_method_reuse_agreement:object
            consent_collection.payment_method_reuse_agreement.position:text consent_collection.promotions:any
            consent_collection.terms_of_service:any created:number currency:any currency_conversion:object
            currency_conversion.amount_subtotal:number currency_conversion.amount_total:number currency_conversion.fx_rate:text
            currency_conversion.source_currency:text custom_fields:list custom_text:object custom_text.after_submit:object
            custom_text.after_submit.message:text custom_text.shipping_address:object custom_text.shipping_address.message:text
            custom_text.submit:object custom_text.submit.message:text custom_text.terms_of_service_acceptance:object
            custom_text.terms_of_service_acceptance.message:text customer:any customer_account:any customer_creation:any customer_details:object
            customer_details.address:object customer_details.address.city:any customer_details.address.country:any
            customer_details.address.line1:any customer_details.address.line2:any customer_details.address.postal_code:any
            customer_details.address.state:any customer_details.business_name:any customer_details.email:text customer_details.individual_name:any
            customer_details.name:any customer_details.phone:any customer_details.tax_exempt:text customer_details.tax_ids:any customer_email:any
            discounts:any expires_at:number id:text integration_identifier:any invoice:any invoice_creation:object invoice_creation.enabled:bool
            invoice_creation.invoice_data:object invoice_creation.invoice_data.account_tax_ids:any invoice_creation.invoice_data.custom_fields:any
            invoice_creation.invoice_data.description:any invoice_creation.invoice_data.footer:any invoice_creation.invoice_data.issuer:object
            invoice_creation.invoice_data.issuer.type:text invoice_creation.invoice_data.metadata:any
            invoice_creation.invoice_data.rendering_options:object invoice_creation.invoice_data.rendering_options.amount_tax_display:any
            invoice_creation.invoice_data.rendering_options.template:any livemode:bool locale:any managed_payments:object
            managed_payments.enabled:bool metadata:object mode:text object:text origin_context:any payment_intent:text payment_link:any
            payment_method_collection:any payment_method_configuration_details:object payment_method_configuration_details.id:text
            payment_method_configuration_details.parent:any payment_method_options:object payment_method_types:list payment_status:text
            permissions:object permissions.update_shipping_details:any phone_number_collection:object phone_number_collection.enabled:bool
            recovered_from:any saved_payment_method_options:object saved_payment_method_options.allow_redisplay_filters:any
            saved_payment_method_options.payment_method_remove:any saved_payment_method_options.payment_method_save:any setup_intent:any
            shipping_address_collection:object shipping_address_collection.allowed_countries:list shipping_cost:object
            shipping_cost.amount_subtotal:number shipping_cost.amount_tax:number shipping_cost.amount_total:number shipping_cost.shipping_rate:any
            shipping_options:list status:text submit_type:any subscription:any success_url:text total_details:object
            total_details.amount_discount:number total_details.amount_shipping:any total_details.amount_tax:number ui_mode:any url:text
            wallet_options:object
            """,
        ["customer"] = """
            address:object address.city:any address.country:any address.line1:any address.line2:any address.postal_code:any address.state:any
            balance:number created:number currency:text default_source:any delinquent:bool description:any discount:object
            discount.checkout_session:any discount.customer:any discount.customer_account:any discount.end:any discount.id:text
            discount.invoice:any discount.invoice_item:any discount.object:text discount.promotion_code:any discount.source:object
            discount.source.coupon:any discount.source.type:text discount.start:number discount.subscription:any discount.subscription_item:any
            email:any id:text invoice_prefix:text invoice_settings:object invoice_settings.custom_fields:any
            invoice_settings.default_payment_method:any invoice_settings.footer:any invoice_settings.rendering_options:object
            invoice_settings.rendering_options.amount_tax_display:any invoice_settings.rendering_options.template:any livemode:bool
            metadata:object name:any next_invoice_sequence:number object:text phone:any preferred_locales:list shipping:object tax_exempt:text
            test_clock:any
            """,
        ["dispute"] = """
            amount:number balance_transactions:list charge:text created:number currency:text enhanced_eligibility_types:list evidence:object
            evidence.access_activity_log:any evidence.billing_address:any evidence.cancellation_policy:any
            evidence.cancellation_policy_disclosure:any evidence.cancellation_rebuttal:any evidence.customer_communication:any
            evidence.customer_email_address:any evidence.customer_name:any evidence.customer_purchase_ip:any evidence.customer_signature:any
            evidence.duplicate_charge_documentation:any evidence.duplicate_charge_explanation:any evidence.duplicate_charge_id:any
            evidence.enhanced_evidence:object evidence.product_description:any evidence.receipt:any evidence.refund_policy:any
            evidence.refund_policy_disclosure:any evidence.refund_refusal_explanation:any evidence.service_date:any
            evidence.service_documentation:any evidence.shipping_address:any evidence.shipping_carrier:any evidence.shipping_date:any
            evidence.shipping_documentation:any evidence.shipping_tracking_number:any evidence.uncategorized_file:any
            evidence.uncategorized_text:any evidence_details:object evidence_details.due_by:number evidence_details.enhanced_eligibility:object
            evidence_details.has_evidence:bool evidence_details.past_due:bool evidence_details.submission_count:number id:text
            is_charge_refundable:bool livemode:bool metadata:object object:text payment_intent:any payment_method_details:object
            payment_method_details.card:object payment_method_details.card.brand:text payment_method_details.card.case_type:text
            payment_method_details.card.network:text payment_method_details.card.network_reason_code:text payment_method_details.type:text
            reason:text status:text
            """,
        ["event"] = """
            api_version:any created:number data:object id:text livemode:bool object:text pending_webhooks:number request:object request.id:any
            request.idempotency_key:any type:text
            """,
        ["payment_intent"] = """
            amount:number amount_capturable:number amount_details:object amount_details.tip:object amount_received:number application:any
            application_fee_amount:any automatic_payment_methods:object automatic_payment_methods.enabled:bool canceled_at:number
            cancellation_reason:any capture_method:text client_secret:text confirmation_method:text created:number currency:text customer:any
            customer_account:any description:any excluded_payment_method_types:any id:text last_payment_error:object latest_charge:any
            livemode:bool managed_payments:object managed_payments.enabled:bool metadata:object next_action:object object:text on_behalf_of:any
            payment_method:any payment_method_configuration_details:object payment_method_configuration_details.id:text
            payment_method_configuration_details.parent:any payment_method_options:object payment_method_types:list processing:object
            processing.type:text receipt_email:any review:any setup_future_usage:any shipping:object source:any statement_descriptor:any
            statement_descriptor_suffix:any status:text transfer_data:object transfer_data.destination:object transfer_data.destination.id:text
            transfer_data.destination.object:text transfer_group:any
            """,
        ["payment_method"] = """
            allow_redisplay:text billing_details:object billing_details.address:object billing_details.address.city:text
            billing_details.address.country:text billing_details.address.line1:text billing_details.address.line2:any
            billing_details.address.postal_code:text billing_details.address.state:text billing_details.email:text billing_details.name:any
            billing_details.phone:text billing_details.tax_id:any card:object card.brand:text card.checks:object
            card.checks.address_line1_check:any card.checks.address_postal_code_check:any card.checks.cvc_check:text card.country:text
            card.display_brand:text card.exp_month:number card.exp_year:number card.fingerprint:text card.funding:text card.generated_from:object
            card.generated_from.charge:any card.generated_from.payment_method_details:object card.generated_from.payment_method_details.type:text
            card.generated_from.setup_attempt:any card.last4:text card.networks:object card.networks.available:list card.networks.preferred:any
            card.regulated_status:any card.three_d_secure_usage:object card.three_d_secure_usage.supported:bool card.wallet:object
            card.wallet.dynamic_last4:any card.wallet.type:text created:number customer:any customer_account:any id:text livemode:bool
            metadata:object object:text type:text
            """,
        ["refund"] = """
            amount:number balance_transaction:any charge:text created:number currency:text customer:any customer_account:any
            destination_details:object destination_details.card:object destination_details.card.type:text destination_details.type:text id:text
            metadata:object object:text payment_intent:any payment_method:any reason:any receipt_number:any source_transfer_reversal:any
            status:text transfer_reversal:any
            """,
        ["setup_intent"] = """
            application:any automatic_payment_methods:object automatic_payment_methods.enabled:any cancellation_reason:any client_secret:text
            created:number customer:any description:any excluded_payment_method_types:any flow_directions:any id:text last_setup_error:object
            latest_attempt:any livemode:bool mandate:any metadata:object next_action:object object:text on_behalf_of:any payment_method:any
            payment_method_configuration_details:object payment_method_configuration_details.id:text
            payment_method_configuration_details.parent:any payment_method_options:object payment_method_types:list single_use_mandate:any
            status:text usage:text
            """,
    };
}
