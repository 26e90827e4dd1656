"""S3 buckets: the lifecycle that a template gives them."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ministack.services import s3
from ministack.services.cloudformation import provisioners

type Json = dict[str, Any]

KNOWN = {"Id", "Status", "ExpirationInDays", "AbortIncompleteMultipartUpload"}


def keep_the_lifecycle() -> None:
    """Store a bucket's lifecycle rules: ministack has them in its S3, but CloudFormation there drops the property."""
    lifecycle = ("LifecycleConfiguration", _to_xml, s3._put_bucket_lifecycle, s3._delete_bucket_lifecycle)
    provisioners._S3_BUCKET_CONFIGURATIONS += (lifecycle,)


def _to_xml(lifecycle: Json) -> bytes:
    root = Element("LifecycleConfiguration")
    for rule in lifecycle["Rules"]:
        _add_rule(SubElement(root, "Rule"), rule)
    return tostring(root)


def _add_rule(element: Element, rule: Json) -> None:
    if unknown := rule.keys() - KNOWN:
        raise ValueError(f"local/patches/buckets.py does not know {', '.join(sorted(unknown))} in a lifecycle rule yet")
    if name := rule.get("Id"):
        SubElement(element, "ID").text = name
    SubElement(element, "Status").text = rule["Status"]
    SubElement(SubElement(element, "Filter"), "Prefix")
    if days := rule.get("ExpirationInDays"):
        SubElement(SubElement(element, "Expiration"), "Days").text = str(days)
    if abort := rule.get("AbortIncompleteMultipartUpload"):
        uploads = SubElement(element, "AbortIncompleteMultipartUpload")
        SubElement(uploads, "DaysAfterInitiation").text = str(abort["DaysAfterInitiation"])
